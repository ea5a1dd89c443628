// A run drawn as a Mermaid flowchart and as boxes for the terminal.
import DshBackend
import DshDiagnostics
import Testing

@testable import DshRender

@Suite struct DiagramTests {
  private let diagram: Diagram = {
    var run = RunWork()
    var stage = StageWork(title: "read+filter")
    (stage.tasks, stage.reused) = (2, 1)
    stage.change("node1") { ($0.tasks, $0.blocksMade, $0.bytesMade) = (2, 2, 2048) }
    stage.change("node2") { ($0.blocksReused, $0.bytesReused) = (1, 1024) }
    run.stages = [stage]
    run.moved = [Movement(from: "node1", to: "head", bytes: 300)]
    return Diagram(
      action: "take 10", dataset: "\"sales\"", rows: 10, work: run,
      parts: [PulledPart(block: 0, node: "node1", rows: 10, movedBytes: 300, blockBytes: 1024)],
      nodeNames: ["head", "node1", "node2", "node3"])
  }()

  @Test func whoTookPart() {
    #expect(diagram.nodes.map(\.name) == ["node1", "node2", "node3"])
    #expect(diagram.taskCount == 2 && diagram.pulledBytes == 300)
    #expect(diagram.nodes[1].blocks.map(\.origin) == [.reused])
  }

  @Test func mermaid() {
    let lines = MermaidDiagram.lines(diagram)
    #expect(lines.first == "flowchart TD")
    #expect(lines.contains("        driver[\"take 10 on #quot;sales#quot;\"]"))
    #expect(lines.contains("    blocks1_1 -. \"300 B moved\" .-> store0"))
    #expect(lines.contains("    store2 -- \"holds already\" --> blocks2_1"))
    // Every name an arrow speaks of is a box.
    let boxes = Set(lines.compactMap { $0.firstMatch(of: #/^ +(?:subgraph )?(\w+)[\[\(]/#).map { String($0.1) } })
    for arrow in lines where arrow.contains("-->") || arrow.contains(".->") {
      for name in arrow.replacing(#/"[^"]*"/#, with: "").matches(of: #/\w+/#) { #expect(boxes.contains(String(name.0)), "\(arrow)") }
    }
  }

  @Test func labelsBreakNothing() {
    #expect(MermaidDiagram.label("a\"b<c>#`\n") == "a#quot;b#lt;c#gt;#35;#96;\\n")
  }

  @Test(arguments: [24, 40, 80, 200]) func boxesFit(_ width: Int) {
    for drawing in [Drawing.unicode, .ascii] {
      let lines = TextDiagram(diagram, settings: RenderSettings(width: width, drawing: drawing)).lines()
      #expect(lines.allSatisfy { displayWidth($0) <= width })
      #expect(drawing == .unicode || lines.joined().allSatisfy(\.isASCII))
      for part in ["head", "take 10", "node1", "2 tasks: read", "node3", "no part in it", "node1 "] {
        #expect(lines.contains { $0.contains(part) }, "\(part) at \(width)")
      }
    }
  }
}
