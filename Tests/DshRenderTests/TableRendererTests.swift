// Tables at all widths.

import DshColumns
import Testing

@testable import DshRender

private func table(
  _ rows: Batch, width: Int?, color: Bool = false, layout: RowsOutput.Layout = .table, total: Int? = nil,
  more: RowsOutput.More = .no
)
  -> String
{
  let buffer = MutableBuffer(capacity: 0)
  RowsRenderer(
    RowsOutput(rows: rows, layout: layout, totalRows: total, more: more), settings: RenderSettings(width: width, usesColor: color)
  )
  .render(to: buffer)
  return text(of: buffer)
}

@Suite struct TableRendererTests {
  @Test func fullWidth() {
    #expect(
      table(diamonds, width: nil, more: .yes) == """
        ┌─────────┬───────────┬────────┬─────────┬─────────┬─────────┬───────┬─────────┬─────────┬─────────┐
        │   carat │ cut       │ color  │ clarity │   depth │   table │ price │       x │       y │       z │
        │ float64 │ string    │ string │ string  │ float64 │ float64 │ int64 │ float64 │ float64 │ float64 │
        ├─────────┼───────────┼────────┼─────────┼─────────┼─────────┼───────┼─────────┼─────────┼─────────┤
        │    0.23 │ Ideal     │ E      │ SI2     │    61.5 │    55.0 │   326 │    3.95 │    3.98 │    2.43 │
        │     1.5 │ Premium   │ G      │ VVS1    │    59.8 │    61.0 │ 15027 │    7.44 │    7.37 │    4.43 │
        │     2.0 │ Very Good │ null   │ SI1     │    null │    57.0 │ 18823 │    8.02 │    7.99 │     5.0 │
        └─────────┴───────────┴────────┴─────────┴─────────┴─────────┴───────┴─────────┴─────────┴─────────┘
        3 rows (more follow), 10 columns

        """)
  }

  @Test func middleColumnsMakeRoom() {
    #expect(
      table(diamonds, width: 80) == """
        ┌─────────┬───────────┬────────┬─────────┬───┬─────────┬─────────┬─────────┐
        │   carat │ cut       │ color  │ clarity │ … │       x │       y │       z │
        │ float64 │ string    │ string │ string  │   │ float64 │ float64 │ float64 │
        ├─────────┼───────────┼────────┼─────────┼───┼─────────┼─────────┼─────────┤
        │    0.23 │ Ideal     │ E      │ SI2     │ … │    3.95 │    3.98 │    2.43 │
        │     1.5 │ Premium   │ G      │ VVS1    │ … │    7.44 │    7.37 │    4.43 │
        │     2.0 │ Very Good │ null   │ SI1     │ … │    8.02 │    7.99 │     5.0 │
        └─────────┴───────────┴────────┴─────────┴───┴─────────┴─────────┴─────────┘
        3 rows, 10 columns (7 shown; `set width 0` shows all)

        """)
    for width in [10, 20, 40, 60, 79, 80, 100, 200] {
      let lines = table(diamonds, width: width).split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width }, "lines too wide at \(width)")
      let widths = Set(lines.filter { "┌│├└".contains($0.prefix(1)) }.map { $0.count })
      #expect(widths.count == 1, "lines of one width at \(width): \(widths)")
    }
  }

  @Test func shortText() {
    let rows = batch(
      [("name", .string), ("n", .int64)], [[.string("日本語"), .int64(1)], [.string("e\u{301}a\tb\n"), .null], [.string(""), .int64(-7)]])
    #expect(
      table(rows, width: 40)
        == """
        ┌─────────┬───────┐
        │ name    │     n │
        │ string  │ int64 │
        ├─────────┼───────┤
        │ 日本語  │     1 │
        │ éa\\tb\\n │  null │
        │         │    -7 │
        └─────────┴───────┘
        3 rows, 2 columns

        """.replacing("éa", with: "e\u{301}a"))
  }

  @Test func longTextIsCut() {
    let rows = batch(
      [("id", .int64), ("text", .string)],
      [[.int64(1), .string(String(repeating: "word ", count: 30))], [.int64(2), .string("日本語日本語日本語日本語日本語日本語")]])
    let shown = table(rows, width: 40)
    #expect(shown.contains("│     1 │ word word word word word wo… │"))
    #expect(shown.contains("│     2 │ 日本語日本語日本語日本語日…  │"))
    #expect(shown.hasSuffix("2 rows, 2 columns (some cut; `set width\n  0` shows all)\n"))
    #expect(!table(rows, width: nil).contains("…"))
  }

  @Test func headAndTail() {
    let rows = batch([("id", .int64)], [0, 1, 98, 99].map { [.int64($0)] })
    #expect(
      table(rows, width: 40, layout: .headAndTail(head: 2, total: 100)) == """
        ┌───────┐
        │    id │
        │ int64 │
        ├───────┤
        │     0 │
        │     1 │
        │     ⋮ │
        │    98 │
        │    99 │
        └───────┘
        100 rows (4 shown), 1 column

        """)
    #expect(!table(rows, width: 40, layout: .headAndTail(head: 2, total: 4)).contains("⋮"))
  }

  @Test func countsInWords() {
    let one = batch([("id", .int64)], [[.int64(1)]])
    #expect(table(one, width: 80).hasSuffix("1 row, 1 column\n"))
    #expect(table(one, width: 80, more: .maybe).hasSuffix("1 row (more may follow), 1 column\n"))
    #expect(table(one, width: 80, total: 53_940, more: .yes).hasSuffix("1 row of 53,940, 1 column\n"))
    #expect(table(batch([("id", .int64)], []), width: 80).hasSuffix("└───────┘\n0 rows, 1 column\n"))
    #expect(table(Batch(schema: Schema([]), columns: [], rowCount: 2), width: 80) == "2 rows, 0 columns\n")
  }

  @Test func nullsAreDimInColor() {
    let rows = batch([("n", .int64)], [[.null], [.int64(1)]])
    let shown = table(rows, width: 80, color: true)
    #expect(shown.contains("│  \u{1B}[2mnull\u{1B}[0m │"))
    #expect(!table(rows, width: 80).contains("\u{1B}"))
  }

  @Test func columnByColumn() {
    let rows = diamonds.slice(from: 0, count: 3)
    let shown = table(rows, width: 40, layout: .columns)
    #expect(shown.hasPrefix("carat    float64  0.23, 1.5, 2.0\ncut      string   \"Ideal\", \"Premium\", \"…\n"))
    #expect(shown.contains("color    string   \"E\", \"G\", null\n"))
  }

  @Test func terminalEscapesAreHarmless() {
    let rows = batch([("a\u{1B}[31m", .string)], [[.string("\u{1B}]0;title\u{7}\u{9B}")]])
    let shown = table(rows, width: nil)
    #expect(!shown.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 || $0.value == 0x9B })
    #expect(shown.contains("\\u{1b}]0;title\\u{7}\\u{9b}"))
  }
}

@Suite struct TableLayoutTests {
  @Test func keepsBothEnds() {
    let demands = (0..<10).map { _ in ColumnDemand(natural: 10, minimum: 10) }
    let layout = TableLayout(demands: demands, width: 60)
    #expect(layout.columns.map(\.index) == [0, 1, 8, 9])
    #expect(layout.gap == 2)
  }

  @Test func cutsTextBeforeLeavingColumnsOut() {
    let layout = TableLayout(demands: [ColumnDemand(natural: 100, minimum: 0), ColumnDemand(natural: 5, minimum: 5)], width: 80)
    #expect(layout.columns.map(\.width) == [68, 5])
    #expect(layout.gap == nil)
    #expect(layout.cutsCells)
  }

  @Test func oneColumnAlways() {
    let layout = TableLayout(demands: [ColumnDemand(natural: 30, minimum: 30), ColumnDemand(natural: 30, minimum: 30)], width: 20)
    #expect(layout.columns == [.init(index: 0, width: 12)])
    #expect(layout.gap == 1)
  }
}
