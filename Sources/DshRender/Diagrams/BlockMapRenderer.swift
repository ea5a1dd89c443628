// Draws every block as a cell, a row of cells for each node, coloured by state.

import DshColumns
import DshDiagnostics

/// The lines of a block map.
struct BlockMapRenderer {
  private let map: BlockMap
  private let settings: RenderSettings

  /// A node's row takes no more lines than this; beyond it a cell stands for several blocks.
  static let linesPerNode = 6
  private static let defaultWidth = 100

  init(_ map: BlockMap, settings: RenderSettings) {
    self.map = map
    self.settings = settings
  }

  func lines() -> [String] {
    guard map.blockCount > 0 else { return ["no blocks in any store"] }
    let nameWidth = map.nodes.reduce(0) { max($0, displayWidth($1.name)) }
    let width = settings.width ?? Self.defaultWidth
    let cells = max(8, width - nameWidth - 2)
    let largest = map.nodes.reduce(1) { max($0, $1.blocks.count) }
    let perCell = (largest + cells * Self.linesPerNode - 1) / (cells * Self.linesPerNode)
    var lines: [String] = []
    for node in map.nodes {
      let shown = stride(from: 0, to: node.blocks.count, by: perCell).map { start in
        cell(node.blocks[start..<min(start + perCell, node.blocks.count)])
      }
      if shown.isEmpty {
        lines.append("\(padded(node.name, to: nameWidth))  \(Style.dim.applied(to: "no blocks", if: settings.usesColor))")
      }
      for start in stride(from: 0, to: shown.count, by: cells) {
        let name = start == 0 ? padded(node.name, to: nameWidth) : String(repeating: " ", count: nameWidth)
        lines.append("\(name)  \(painted(shown[start..<min(start + cells, shown.count)]))")
      }
    }
    return lines + legend(perCell) + totals(nameWidth)
  }

  /// The state that says most of several blocks: what is lost or busy must not be hidden.
  private func cell(_ blocks: ArraySlice<BlockMap.Block>) -> BlockMap.State {
    for state in [BlockMap.State.lost, .busy, .pinned] where blocks.contains(where: { $0.state == state }) { return state }
    return .cached
  }

  private func painted(_ cells: ArraySlice<BlockMap.State>) -> String {
    var text = ""
    var index = cells.startIndex
    while index < cells.endIndex {
      let end = cells[index...].firstIndex { $0 != cells[index] } ?? cells.endIndex
      text += sign(cells[index], count: end - index)
      index = end
    }
    return text
  }

  /// Cells of one state: a colour and a shape of their own, so that either is enough.
  private func sign(_ state: BlockMap.State, count: Int) -> String {
    let isUnicode = settings.drawing == .unicode
    let (shape, ascii, style): (Character, Character, Style) =
      switch state {
      case .pinned: ("█", "#", .green)
      case .cached: ("▒", "o", .blue)
      case .busy: ("▓", "*", .yellow)
      case .lost: ("×", "x", .red)
      }
    return style.applied(to: String(repeating: String(isUnicode ? shape : ascii), count: count), if: settings.usesColor)
  }

  private func legend(_ perCell: Int) -> [String] {
    let states = BlockMap.State.allCases.filter { state in map.nodes.contains { $0.blocks.contains { $0.state == state } } }
    let signs = states.map { "\(sign($0, count: 1)) \($0.rawValue)" }.joined(separator: "  ")
    return ["", perCell == 1 ? "\(signs); a cell is a block" : "\(signs); a cell is up to \(counted(perCell, "block"))"]
  }

  private func totals(_ nameWidth: Int) -> [String] {
    map.nodes.filter { !$0.blocks.isEmpty }.map {
      "\(padded($0.name, to: nameWidth))  \(counted($0.blocks.count, "block")), \(counted($0.blocks.reduce(0) { $0 + $1.rows }, "row")), \(bytesText($0.bytes))"
    }
  }
}

extension BlockMap {
  /// The map as a listing, for machine formats: a row for each node and state.
  var listing: Listing {
    var rows: [[Value]] = []
    for node in nodes {
      for state in State.allCases {
        let blocks = node.blocks.filter { $0.state == state }
        guard !blocks.isEmpty else { continue }
        rows.append([
          .string(node.name), .string(state.rawValue), .int64(Int64(blocks.count)), .int64(Int64(blocks.reduce(0) { $0 + $1.bytes })),
        ])
      }
    }
    return Listing(
      name: "blocks",
      columns: [Listing.Column("node"), Listing.Column("state"), Listing.Column("blocks", .count), Listing.Column("bytes", .bytes)],
      rows: rows)
  }
}
