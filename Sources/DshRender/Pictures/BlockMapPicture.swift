// Every block as a cell in the line of its node.

import DshDiagnostics

enum BlockMapPicture {
  private static let cell = 14.0
  private static let perLine = 40
  private static let left = 190.0
  private static let margin = 10.0
  /// A node with more blocks shows the first of them.
  private static let blockLimit = 4000
  /// How full a cell's colour is.
  private static let opacities: [BlockMap.State: Double] = [.pinned: 1, .cached: 0.45, .busy: 0.7, .lost: 0.12]

  static func svg(_ map: BlockMap) -> String {
    let lines = map.nodes.map { max(1, (min($0.blocks.count, blockLimit) + perLine - 1) / perLine) }
    let height = margin * 2 + Double(lines.reduce(0, +)) * cell + Double(map.nodes.count) * 6 + 24
    let width = left + Double(perLine) * cell + margin
    var canvas = Canvas(title: map.dataset.map { "blocks of \($0)" } ?? "all blocks", width: width, height: height)
    var y = margin
    for (node, count) in zip(map.nodes, lines) {
      canvas.text(node.name, x: margin, y: y + 11)
      canvas.text("\(groupedText(node.blocks.count)), \(bytesText(node.bytes))", x: left - 8, y: y + 11, .end, isDim: true)
      for (index, block) in node.blocks.prefix(blockLimit).enumerated() {
        canvas.rectangle(
          x: left + Double(index % perLine) * cell, y: y + Double(index / perLine) * cell, width: cell - 2, height: cell - 2,
          color: Canvas.colors[block.state == .lost ? 4 : 0], opacity: opacities[block.state] ?? 1,
          title: "\(block.state.rawValue): \(counted(block.rows, "row")), \(bytesText(block.bytes))")
      }
      y += Double(count) * cell + 6
    }
    var x = left
    for state in BlockMap.State.allCases where map.nodes.contains(where: { $0.blocks.contains { $0.state == state } }) {
      canvas.rectangle(
        x: x, y: y + 4, width: cell - 2, height: cell - 2, color: Canvas.colors[state == .lost ? 4 : 0], opacity: opacities[state] ?? 1)
      canvas.text(state.rawValue, x: x + cell + 2, y: y + 15)
      x += 90
    }
    return canvas.svg
  }
}
