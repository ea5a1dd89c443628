// A diagram as a Mermaid flowchart, to be put into documents that draw such texts.

import DshDiagnostics
import DshBackend

/// The text of a Mermaid flowchart.
public struct MermaidDiagram {
  private let diagram: Diagram
  private var lines: [String] = ["flowchart TD"]

  init(_ diagram: Diagram) {
    self.diagram = diagram
    addHead()
    for (index, node) in diagram.nodes.enumerated() { add(node, index) }
    addSchedule()
    addMovement()
  }

  /// The lines, without line ends.
  public static func lines(_ diagram: Diagram) -> [String] { MermaidDiagram(diagram).lines }

  private mutating func addHead() {
    let received = diagram.pulledBytes
    lines += [
      "    subgraph head[\"head\"]",
      "        driver[\"\(Self.label("\(diagram.action) on \(diagram.dataset)"))\"]",
      "        store0[(\"object store: \(bytesText(received)) received\")]",
      "    end",
    ]
  }

  private mutating func add(_ node: Diagram.Node, _ index: Int) {
    lines.append("    subgraph \(Self.name("node", index))[\"\(Self.label(node.name))\"]")
    for (number, tasks) in node.tasks.enumerated() {
      lines.append("        \(task(index, number))[\"\(counted(tasks.count, "task")): \(Self.label(tasks.stage))\"]")
    }
    lines.append("        \(store(node.name))[(\"object store\")]")
    for (number, blocks) in node.blocks.enumerated() {
      lines.append("        \(block(index, number))[\"\(Self.label(blocks.title))\"]")
    }
    lines.append("    end")
  }

  private mutating func addSchedule() {
    for (index, node) in diagram.nodes.enumerated() {
      for (number, tasks) in node.tasks.enumerated() {
        lines.append("    driver -- \"schedules \(counted(tasks.count, "task"))\" --> \(task(index, number))")
      }
      for (number, blocks) in node.blocks.enumerated() {
        switch blocks.origin {
        case .made(let tasks):
          lines.append(
            "    \(task(index, tasks)) -- \"makes \(counted(blocks.count, "block"))\" --> \(store(node.name)) --> \(block(index, number))")
        case .reused: lines.append("    \(store(node.name)) -- \"holds already\" --> \(block(index, number))")
        }
      }
    }
  }

  private mutating func addMovement() {
    for movement in diagram.moved {
      // What went to the shell comes out of a block, if one is known.
      var from = store(movement.from)
      if movement.to == "head", let index = diagram.nodes.firstIndex(where: { $0.name == movement.from }),
        let number = diagram.nodes[index].blocks.lastIndex(where: { $0.pulledBytes == movement.bytes })
      {
        from = block(index, number)
      }
      lines.append("    \(from) -. \"\(bytesText(movement.bytes)) moved\" .-> \(store(movement.to))")
    }
    if diagram.pulledBytes > 0 { lines.append("    store0 -- \"\(counted(diagram.rows, "row"))\" --> driver") }
  }

  private func store(_ node: String) -> String {
    if node == "head" { return "store0" }
    return Self.name("store", diagram.nodes.firstIndex { $0.name == node } ?? diagram.nodes.count)
  }

  private static func name(_ kind: String, _ index: Int) -> String { "\(kind)\(index + 1)" }

  private func task(_ node: Int, _ number: Int) -> String { "task\(node + 1)_\(number + 1)" }

  private func block(_ node: Int, _ number: Int) -> String { "blocks\(node + 1)_\(number + 1)" }

  /// A text as it may stand between quotes: Mermaid knows character entities there.
  static func label(_ text: String) -> String {
    var result = ""
    for character in escapingControls(text) {
      switch character {
      case "\"": result += "#quot;"
      case "#": result += "#35;"
      case "<": result += "#lt;"
      case ">": result += "#gt;"
      case "`": result += "#96;"
      default: result.append(character)
      }
    }
    return result
  }
}

extension Diagram.Blocks {
  /// `2 blocks, 1.1 KiB: 3 rows, 60 B pulled`.
  var title: String {
    let pulled = pulledRows.map { ": \(counted($0, "row")), \(bytesText(pulledBytes ?? 0)) pulled" } ?? ""
    return "\(counted(count, "block"))\(origin == .reused ? " reused" : ""), \(bytesText(bytes))\(pulled)"
  }
}
