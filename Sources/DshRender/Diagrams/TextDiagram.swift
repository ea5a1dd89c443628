// A diagram drawn with lines and boxes, for the terminal.

import DshDiagnostics
import DshBackend

/// The lines of a drawn diagram.
struct TextDiagram {
  private let diagram: Diagram
  private let drawing: Drawing
  private let width: Int

  /// Narrower boxes say nothing; wider ones are hard to take in.
  private static let boxWidths = 24...44
  private static let defaultWidth = 100

  init(_ diagram: Diagram, settings: RenderSettings) {
    self.diagram = diagram
    drawing = settings.drawing
    width = max(Self.boxWidths.lowerBound, settings.width ?? Self.defaultWidth)
  }

  /// The head on top, the nodes below it as many side by side as there is room for, and what moved at the end.
  func lines() -> [String] {
    let boxes = diagram.nodes.map { (title: $0.name, lines: lines(of: $0)) }
    let wanted = boxes.flatMap { box in [box.title + "    "] + box.lines }.reduce(0) { max($0, displayWidth($1) + 4) }
    let boxWidth = min(width, max(Self.boxWidths.lowerBound, min(wanted, Self.boxWidths.upperBound)))
    let perRow = max(1, (width + 1) / (boxWidth + 1))
    let headWidth = min(width, max(boxWidth, min(boxes.count, perRow) * (boxWidth + 1) - 1))
    var result = box("head", headLines, headWidth)
    for start in stride(from: 0, to: boxes.count, by: perRow) {
      let row = boxes[start..<min(start + perRow, boxes.count)]
      let height = row.reduce(0) { max($0, wrapped($1.lines, boxWidth - 4).count) }
      let drawn = row.map { box($0.title, $0.lines, boxWidth, height: height) }
      for line in 0..<height + 2 { result.append(drawn.map { $0[line] }.joined(separator: " ")) }
    }
    return result + movementLines
  }

  private var headLines: [String] {
    ["\(diagram.action) on \(diagram.dataset)"]
      + (diagram.taskCount > 0 ? ["\(counted(diagram.taskCount, "task")) scheduled"] : ["no task had to run"])
      + (diagram.pulledBytes > 0 ? ["store: \(bytesText(diagram.pulledBytes)) received, \(counted(diagram.rows, "row"))"] : [])
  }

  private func lines(of node: Diagram.Node) -> [String] {
    if node.tasks.isEmpty, node.blocks.isEmpty { return ["no part in it"] }
    var lines: [String] = []
    for (number, tasks) in node.tasks.enumerated() {
      lines.append("\(counted(tasks.count, "task")): \(tasks.stage)")
      for blocks in node.blocks where blocks.origin == .made(tasks: number) { lines += text(of: blocks) }
    }
    for blocks in node.blocks where blocks.origin == .reused { lines += text(of: blocks) }
    return lines
  }

  private func text(of blocks: Diagram.Blocks) -> [String] {
    var lines = [
      "\(drawing.arrow.text) \(counted(blocks.count, "block"))\(blocks.origin == .reused ? " reused" : ""), \(bytesText(blocks.bytes))"
    ]
    if let rows = blocks.pulledRows { lines.append("  \(counted(rows, "row")), \(bytesText(blocks.pulledBytes ?? 0)) pulled") }
    return lines
  }

  private var movementLines: [String] {
    if diagram.moved.isEmpty { return ["nothing moved" + mappedText] }
    let arrow = drawing.horizontal.text + drawing.horizontal.text + drawing.arrow.text
    let names = diagram.moved.reduce(0) { max($0, displayWidth($1.from)) }
    return diagram.moved.map { "\(padded($0.from, to: names)) \(arrow) \($0.to)  \(bytesText($0.bytes))" }
      + (diagram.mappedBytes > 0 ? [String(mappedText.dropFirst(2))] : [])
  }

  private var mappedText: String { diagram.mappedBytes > 0 ? "; \(bytesText(diagram.mappedBytes)) read in place" : "" }

  private func box(_ title: String, _ lines: [String], _ width: Int, height: Int? = nil) -> [String] {
    let inner = width - 4
    var content = wrapped(lines, inner)
    while content.count < height ?? 0 { content.append("") }
    let shown = cut(title, to: inner)
    let bar = String(repeating: drawing.horizontal.text, count: max(0, width - displayWidth(shown) - 5))
    let bottom = String(repeating: drawing.horizontal.text, count: width - 2)
    return ["\(drawing.top[0].text)\(drawing.horizontal.text) \(shown) \(bar)\(drawing.top[2].text)"]
      + content.map { "\(drawing.vertical.text) \(padded(cut($0, to: inner), to: inner)) \(drawing.vertical.text)" }
      + ["\(drawing.bottom[0].text)\(bottom)\(drawing.bottom[2].text)"]
  }

  private func wrapped(_ lines: [String], _ width: Int) -> [String] { lines.flatMap { wrappedLines(escapingControls($0), width: width) } }
}
