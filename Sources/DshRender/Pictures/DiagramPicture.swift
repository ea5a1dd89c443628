// What an action did where: a box for each node, the head below, and what went there.

import DshBackend
import DshDiagnostics

enum DiagramPicture {
  private static let boxWidth = 190.0
  private static let gap = 16.0
  private static let lineHeight = 17.0
  private static let perRow = 4
  /// More boxes can't be taken in.
  private static let nodeLimit = 64
  private static let textLimit = 27

  static func svg(_ diagram: Diagram) -> String {
    let nodes = diagram.nodes.prefix(nodeLimit)
    let boxes = nodes.map { (name: $0.name, lines: lines(of: $0)) }
    let rows = stride(from: 0, to: boxes.count, by: perRow).map { Array(boxes[$0..<min($0 + perRow, boxes.count)]) }
    let columns = max(1, min(perRow, boxes.count))
    let width = gap + Double(columns) * (boxWidth + gap)
    let heights = rows.map { row in Double(2 + (row.map(\.lines.count).max() ?? 0)) * lineHeight }
    let below =
      diagram.moved.map { "\($0.from) → \($0.to): \(bytesText($0.bytes))" }
      + (diagram.mappedBytes > 0 ? ["read in place: \(bytesText(diagram.mappedBytes))"] : [])
    let boxesHeight = heights.reduce(gap) { $0 + $1 + gap }
    let headHeight = 3 * lineHeight
    var canvas = Canvas(
      title: "\(diagram.action) on \(diagram.dataset)", width: width,
      height: boxesHeight + gap + headHeight + gap + Double(below.count) * lineHeight)
    let head = (x: gap, y: boxesHeight + gap, width: width - 2 * gap)
    var y = gap
    for (row, height) in zip(rows, heights) {
      for (place, box) in row.enumerated() {
        let x = gap + Double(place) * (boxWidth + gap)
        canvas.rectangle(x: x, y: y, width: boxWidth, height: height, color: nil)
        canvas.text(box.name, x: x + 8, y: y + lineHeight)
        for (index, line) in box.lines.enumerated() {
          canvas.text(shortened(line, to: textLimit), x: x + 8, y: y + Double(index + 2) * lineHeight, isDim: true)
        }
      }
      y += height + gap
    }
    // What went to the head comes from the boxes of the last row, or passes them.
    for movement in diagram.moved where movement.to == "head" {
      guard let index = boxes.firstIndex(where: { $0.name == movement.from }) else { continue }
      let x = gap + Double(index % perRow) * (boxWidth + gap) + boxWidth / 2
      canvas.line(x, boxesHeight - gap, x, head.y, opacity: 0.8)
      canvas.text(bytesText(movement.bytes), x: x + 5, y: boxesHeight + 6)
    }
    canvas.rectangle(x: head.x, y: head.y, width: head.width, height: headHeight, color: nil)
    canvas.text("head", x: head.x + 8, y: head.y + lineHeight)
    canvas.text(
      "\(diagram.action) on \(diagram.dataset): \(counted(diagram.rows, "row")), \(bytesText(diagram.pulledBytes))", x: head.x + 8,
      y: head.y + 2 * lineHeight, isDim: true)
    for (index, line) in below.enumerated() {
      canvas.text(line, x: gap, y: head.y + headHeight + gap + Double(index) * lineHeight + 4, isDim: true)
    }
    return canvas.svg
  }

  private static func lines(of node: Diagram.Node) -> [String] {
    let tasks = node.tasks.map { "\(counted($0.count, "task")) \($0.stage)" }
    let blocks = node.blocks.map { blocks in
      let made = if case .reused = blocks.origin { ", reused" } else { "" }
      return "\(counted(blocks.count, "block")), \(bytesText(blocks.bytes))\(made)"
    }
    return tasks + blocks
  }
}
