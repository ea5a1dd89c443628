// Blocks as cells, coloured and shaped by state.
import DshDiagnostics
import Testing

@testable import DshRender

@Suite struct BlockMapRendererTests {
  private func map(_ states: [BlockMap.State]...) -> BlockMap {
    BlockMap(
      dataset: nil,
      nodes: states.enumerated().map { index, states in
        BlockMap.Node(name: "node\(index + 1)", blocks: states.map { BlockMap.Block(state: $0, bytes: 1024, rows: 10) })
      })
  }

  @Test func aCellForEachBlock() {
    let lines = BlockMapRenderer(map([.pinned, .pinned, .cached], [.busy, .lost], []), settings: RenderSettings(width: 80)).lines()
    #expect(
      lines == [
        "node1  ██▒", "node2  ▓×", "node3  no blocks", "", "█ pinned  ▒ cached  ▓ busy  × lost; a cell is a block",
        "node1  3 blocks, 30 rows, 3.0 KiB", "node2  2 blocks, 20 rows, 2.0 KiB",
      ])
  }

  @Test func colours() {
    let lines = BlockMapRenderer(map([.pinned, .cached]), settings: RenderSettings(width: 80, usesColor: true)).lines()
    #expect(lines[0] == "node1  " + Style.green.applied(to: "█") + Style.blue.applied(to: "▒"))
  }

  @Test func ascii() {
    let lines = BlockMapRenderer(map([.pinned, .cached, .busy, .lost]), settings: RenderSettings(width: 80, drawing: .ascii)).lines()
    #expect(lines[0] == "node1  #o*x")
  }

  @Test func rowsAreBrokenAndThenCellsShared() {
    let some = BlockMapRenderer(map(Array(repeating: .cached, count: 20)), settings: RenderSettings(width: 17)).lines()
    #expect(some.prefix(3) == ["node1  ▒▒▒▒▒▒▒▒▒▒", "       ▒▒▒▒▒▒▒▒▒▒", ""])
    var states = Array(repeating: BlockMap.State.cached, count: 1000)
    states[777] = .lost
    let many = BlockMapRenderer(map(states), settings: RenderSettings(width: 17)).lines()
    let cells = many.prefix { !$0.isEmpty }
    #expect(cells.count <= BlockMapRenderer.linesPerNode && cells.joined().contains("×"))
    #expect(many.contains { $0.contains("a cell is up to 17 blocks") })
  }

  @Test func nothingAtAll() {
    #expect(BlockMapRenderer(map([], []), settings: RenderSettings(width: 80)).lines() == ["no blocks in any store"])
  }
}
