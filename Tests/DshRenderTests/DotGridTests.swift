// Dots, and lines between them.

import Testing

@testable import DshRender

@Suite struct DotGridTests {
  @Test func everyDotOfABrailleCharacterHasABit() {
    var seen: Set<UInt8> = []
    for y in 0..<4 {
      for x in 0..<2 {
        var grid = DotGrid(columns: 1, rows: 1, cell: .braille)
        grid.set(x, y)
        seen.insert(grid.bits[0])
      }
    }
    #expect(seen.count == 8 && seen.reduce(0) { $0 ^ $1 } == 0xFF)
    #expect(DotGrid.braille(0) == "\u{2800}" && DotGrid.braille(0xFF) == "⣿")
  }

  @Test func upperDotsAreInTheUpperRow() {
    var grid = DotGrid(columns: 2, rows: 2, cell: .braille)
    grid.set(0, 0)
    grid.set(3, 7)
    #expect(grid.bits.map(DotGrid.braille) == ["⠁", "\u{2800}", "\u{2800}", "⢀"])
  }

  /// A line has a dot in each column or row between its ends, whatever its direction.
  @Test func linesHaveNoGaps() {
    for end in [(9, 3), (3, 9), (0, 9), (9, 0), (0, 0), (9, 9)] {
      for isBack in [false, true] {
        var grid = DotGrid(columns: 10, rows: 10, cell: .single)
        grid.line(from: isBack ? end : (0, 0), to: isBack ? (0, 0) : end)
        #expect(grid.bits.reduce(0) { $0 + Int($1) } == max(end.0, end.1) + 1)
        #expect(grid.bits[0] == 1 && grid.bits[end.1 * 10 + end.0] == 1)
      }
    }
  }
}
