// HTML and SVG of results: well-formed whatever is in the data, and of limited size.

import DshBackend
import DshColumns
import DshRender
import Testing

struct PictureTests {
  private let html = OutputHTML(settings: RenderSettings())
  private let picture = OutputPicture(settings: RenderSettings())

  private func rows(_ names: [String], _ values: [[Value]], _ types: [DataType]) -> Batch { batch(Array(zip(names, types)), values) }

  @Test func aTable() {
    let batch = rows(["id", "<b>"], [[.int64(1), .string("a & \"b\"")], [.int64(20), .null]], [.int64, .string])
    let text = html.fragment(.rows(RowsOutput(rows: batch, layout: .table, totalRows: 2)))
    #expect(
      text == "<div class=\"dsh-table\" style=\"overflow-x:auto\"><table><thead><tr>"
        + "<th style=\"text-align:right\">id<br/><small>int64</small></th><th style=\"text-align:left\">&lt;b&gt;<br/><small>string</small></th>"
        + "</tr></thead><tbody><tr><td style=\"text-align:right\">1</td><td style=\"text-align:left\">a &amp; &quot;b&quot;</td></tr>"
        + "<tr><td style=\"text-align:right\">20</td><td style=\"text-align:left\"><i>null</i></td></tr></tbody></table>"
        + "<small>2 rows, 2 columns</small></div>")
  }

  @Test func largeTablesAreLimited() throws {
    let many = rows(["n"], (0..<5000).map { [.int64($0)] }, [.int64])
    let text = try #require(html.fragment(.rows(RowsOutput(rows: many, layout: .table, totalRows: 5000))))
    #expect(text.count < 200_000 && text.contains("⋮") && text.contains(">4999<") && !text.contains(">2500<"))
    let wide = rows((0..<3000).map { "c\($0)" }, [(0..<3000).map { .int64($0) }], (0..<3000).map { _ in .int64 })
    let other = try #require(html.fragment(.rows(RowsOutput(rows: wide, layout: .table, totalRows: 1))))
    #expect(other.count < 100_000 && other.contains(">c2999<"))
  }

  @Test func longCellsAndManyPointsAreLimited() throws {
    let long = rows(["s"], (0..<20).map { _ in [.string(String(repeating: "x", count: 100_000))] }, [.string])
    let table = try #require(html.fragment(.rows(RowsOutput(rows: long, layout: .table, totalRows: 20))))
    #expect(table.count < 20_000)
    let series = (0..<30).map { index in
      Plot.Series(name: "s\(index)", points: (0..<10_000).map { Plot.Point(x: Double($0), y: Double($0 * index)) })
    }
    let axis = Plot.Axis(name: "a", range: 0...300_000, ticks: [])
    let text = try #require(picture.svg(.plot(Plot(kind: .scatter, rows: long, series: series, x: axis, y: axis))))
    #expect(text.count < 2_500_000)
  }

  @Test func anythingStaysWellFormed() throws {
    let odd = ["</script><script>alert(1)</script>", "\u{0}\u{1B}[31m\u{7F}", "&amp;<![CDATA[", "é😀\u{FFFE}", "", "a\nb\tc", "\u{202E}x"]
    let batch = rows(["<name>", "v"], odd.map { [.string($0), .float64(.random(in: -5...5))] }, [.string, .float64])
    let values: [Double] = [.nan, .infinity, -.infinity, 0, -1, 1e300, -1e300]
    let numbers = rows(["k", "v"], zip(odd, values).map { [.string($0), .float64($1)] }, [.string, .float64])
    let outputs: [Output] = [
      .rows(RowsOutput(rows: batch, layout: .table, totalRows: nil, more: .yes)),
      .rows(RowsOutput(rows: batch, layout: .headAndTail(head: 3, total: 100), totalRows: 100)),
      .rows(RowsOutput(rows: rows([], [], []), layout: .table, totalRows: 0)), .lines(odd), .notice(odd[0]),
      .schema(batch.schema, origins: odd),
      .scalar(name: odd[0], value: .string(odd[1])), .dataset(number: 1, name: odd[0], sentence: odd[1]),
      .bars(Bars(rows: numbers, moreFollow: true)),
      .bars(Bars(rows: rows(["v"], [], [.float64]))), .plot(Plot(kind: .line, rows: batch, series: [], x: nil, y: nil)),
      .receipt(Receipt(action: "take", dataset: odd[0], lines: odd, notes: odd)),
      .plot(
        Plot(
          kind: .scatter, rows: batch,
          series: [Plot.Series(name: odd[0], points: [Plot.Point(x: 1e300, y: -1e300), Plot.Point(x: 0, y: 0)])],
          x: Plot.Axis(name: odd[1], range: -1e308...1e308, ticks: [Plot.Tick(0, odd[2])]),
          y: Plot.Axis(name: odd[0], range: 0...1, ticks: []))),
      .blockMap(
        BlockMap(
          dataset: odd[0],
          nodes: [
            BlockMap.Node(name: odd[1], blocks: BlockMap.State.allCases.map { BlockMap.Block(state: $0, bytes: 5, rows: 1) }),
            BlockMap.Node(name: "node2", blocks: []),
          ])),
      .diagram(Diagram(action: "take", dataset: odd[0], rows: 3, work: RunWork(), parts: [], nodeNames: odd), .text),
    ]
    for output in outputs {
      let found = [html.fragment(output), picture.svg(output)].compactMap(\.self)
      #expect(found.count == 1, "\(output)")
      for text in found {
        let markup = try #require(Markup(text), "\(output)")
        #expect(markup.isSelfContained, "\(output)")
      }
    }
  }

  @Test func listingsAreAlignedAndLimited() throws {
    let columns = [
      Listing.Column("node"), Listing.Column("used", .bytes), Listing.Column("limit", .bytes), Listing.Column("blocks", .count),
    ]
    let rows = (0..<5000).map { [Value.string("<node\($0)>"), .int64(204), .int64(2 << 30), .int64($0)] }
    let text = try #require(html.fragment(.listing(Listing(name: "nodes", columns: columns, rows: rows))))
    let markup = try #require(Markup(text))
    #expect(markup.texts("th") == ["node", "used / limit", "blocks"])
    #expect(markup.texts("td").prefix(3) == ["<node0>", "204 B / 2.0 GiB", "0"] && markup.texts("td").last == "4,999")
    #expect(text.contains("<td style=\"text-align:right\">4,999</td>") && text.contains("<td style=\"text-align:left\">&lt;node0&gt;</td>"))
    #expect(markup.texts("td").filter { $0 == "⋮" }.count == 1 && markup.texts("td").count == 3 * 1000 + 1)
    #expect(markup.texts("small") == ["4,000 rows in the middle are not shown here"])
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func outputsAtRandom(seed: UInt64) throws {
    var outputs = RandomOutputs(seed: seed)
    for _ in 0..<100 {
      let (output, settings) = (outputs.next(), outputs.settings())
      for text in [OutputHTML(settings: settings).fragment(output), OutputPicture(settings: settings).svg(output)].compactMap(\.self) {
        let markup = try #require(Markup(text), "\(output)")
        #expect(markup.isSelfContained && text.utf8.count < 1_000_000, "\(output)")
      }
    }
  }
}
