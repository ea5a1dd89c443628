// The line format on a terminal.
import DshColumns
import Testing

@testable import DshRender

@Suite struct RecordRendererTests {
  private let rows = batch(
    [("id", .int64), ("note", .string)],
    [[.int64(7), .string("a line that is too long for it")], [.null, .string("tab\there")]])

  private func lines(_ settings: RenderSettings) -> [String] {
    let buffer = MutableBuffer(capacity: 64)
    RecordRenderer(rows, settings: settings).render(to: buffer) {}
    return text(of: buffer).split(separator: "\n").map(String.init)
  }

  @Test func longCellsStayInTheirColumn() {
    #expect(
      lines(RenderSettings(width: 22)) == [
        "── row 1 of 2", "  id  7", "note  a line that is", "      too long for it", "── row 2 of 2", "  id  null", "note  tab\\there",
      ])
  }

  @Test func nullsAreDim() {
    #expect(lines(RenderSettings(width: nil, usesColor: true)).contains("  id  " + Style.dim.applied(to: "null")))
  }
}
