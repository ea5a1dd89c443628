// Listings: units, bars, folding, and their exact values.

import DshColumns
import Testing

@testable import DshRender

@Suite struct ListingRendererTests {
  private let nodes = Listing(
    name: "nodes",
    columns: [
      .init("node"), .init("state"), .init("store used", .bytes), .init("limit", .bytes), .init("blocks", .count), .init("busy", .seconds),
    ],
    rows: [
      [.string("head"), .string("up"), .int64(204), .int64(512 << 20), .int64(0), .null],
      [.string("node1"), .string("up"), .int64(60_416), .int64(2 << 30), .int64(12_345), .float64(0.0042)],
    ])

  @Test func alignedWithUnits() {
    #expect(
      ListingRenderer(nodes, settings: RenderSettings()).lines() == [
        "node   state  store used / limit  blocks    busy",
        "head   up     204 B / 512 MiB          0       -",
        "node1  up     59.0 KiB / 2.0 GiB  12,345  4.2 ms",
      ])
  }

  /// Columns that do not fit follow below, each part behind the first column; bars are left out before that.
  @Test func foldedToTheTerminal() {
    let settings = RenderSettings(width: 40)
    #expect(
      ListingRenderer(nodes, settings: settings, foldingWidth: 40).lines() == [
        "node   state  store used / limit", "head   up     204 B / 512 MiB ▏", "node1  up     59.0 KiB / 2.0 GiB ▏", "",
        "node   blocks    busy", "head        0       -", "node1  12,345  4.2 ms",
      ])
    #expect(
      ListingRenderer(nodes, settings: RenderSettings(width: 49), foldingWidth: 49).lines()[1]
        == "head   up     204 B / 512 MiB          0       -")
    #expect(ListingRenderer(nodes, settings: RenderSettings(width: 60), foldingWidth: 60).lines()[1].contains("▏"))
  }

  @Test func longNamesStandAlone() {
    let listing = Listing(
      name: "schema", columns: [.init("column"), .init("type"), .init("from")],
      rows: [
        [.string(String(repeating: "n", count: 38)), .string("int64"), .string("a.csv")],
        [.string("b"), .string("string"), .string("a.csv")],
      ])
    #expect(
      ListingRenderer(listing, settings: RenderSettings(width: 40), foldingWidth: 40).lines() == [
        "column  type    from", String(repeating: "n", count: 38), "        int64   a.csv", "b       string  a.csv",
      ])
    #expect(ListingRenderer(listing, settings: RenderSettings(width: 80), foldingWidth: 80).lines().count == 3)
  }

  @Test func longTextStaysInItsColumn() {
    let listing = Listing(
      name: "set", columns: [.init("setting"), .init("meaning")],
      rows: [[.string("width"), .string("Columns of terminal that tables fill")], [.string("rows"), .string("Rows")]])
    #expect(
      ListingRenderer(listing, settings: RenderSettings(width: 32), foldingWidth: 32).lines() == [
        "setting  meaning", "width    Columns of terminal", "         that tables fill", "rows     Rows",
      ])
  }

  @Test func exactForMachines() {
    let rows = nodes.batch
    #expect(rows.schema.names == ["node", "state", "store used", "limit", "blocks", "busy"])
    #expect(rows.row(1) == [.string("node1"), .string("up"), .int64(60_416), .int64(2 << 30), .int64(12_345), .float64(0.0042)])
  }

  @Test func mixedTypesBecomeText() {
    let settings = Listing(
      name: "set", columns: [.init("name"), .init("value")],
      rows: [[.string("width"), .int64(80)], [.string("format"), .string("table")]])
    #expect(settings.batch.row(0) == [.string("width"), .string("80")])
  }

  @Test func schemaAsListing() {
    let listing = Listing(schema: Schema([Field("id", .int64), Field("name", .string)]), origins: ["s.csv", "s.csv"])
    #expect(
      ListingRenderer(listing, settings: RenderSettings()).lines() == [
        "column  type    from", "id      int64   s.csv", "name    string  s.csv",
      ])
  }
}
