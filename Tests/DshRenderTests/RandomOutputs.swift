// Outputs of every kind with data that nobody expects, chosen by a seed.

import DshBackend
import DshColumns

@testable import DshRender

/// Makes outputs of whatever may stand in them.
struct RandomOutputs {
  private var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(state: seed) }

  /// Vigna's SplitMix64.
  private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let pieces = [
    "</script><script>alert(1)</script>", "]]>", "<!--", "\u{0}", "\u{1B}[31m", "\u{FFFF}", "\u{FFFE}", "&amp;", "&", "\"", "'", "\r\n",
    "\t",
    "\u{202E}", "\u{7F}", "\u{85}", String(decoding: [0xEF, 0xB7, 0x90], as: UTF8.self), "👩‍👩‍👧", "漢字", "e\u{301}", "", " ", "plain", "`",
    "\u{2028}",
  ]
  private static let numbers: [Double] = [
    0, -0.0, 1, -1, 0.1, 1e-300, 1e300, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .nan, .infinity, -.infinity, 123_456.789,
  ]

  private mutating func number(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

  mutating func text() -> String {
    if number(40) == 0 { return String(repeating: "x<", count: 2_000) }
    return (0..<number(4)).map { _ in Self.pieces[number(Self.pieces.count)] }.joined()
  }

  mutating func float() -> Double { Self.numbers[number(Self.numbers.count)] }

  private mutating func value(_ type: DataType) -> Value {
    if number(6) == 0 { return .null }
    switch type {
    case .int64: return .int64([0, -1, .min, .max, 12_345][number(5)])
    case .float64: return .float64(float())
    case .bool: return .bool(number(2) == 0)
    default: return .string(text())
    }
  }

  mutating func rows() -> Batch {
    let types: [DataType] = (0..<number(6)).map { _ in [.int64, .float64, .bool, .string][number(4)] }
    let fields = types.map { (text(), $0) }
    return batch(fields, (0..<(types.isEmpty ? 0 : number(6))).map { _ in types.map { value($0) } })
  }

  mutating func plot() -> Plot {
    func axis(_ low: Double, _ high: Double, _ name: String, _ label: String) -> Plot.Axis? {
      low < high ? Plot.Axis(name: name, range: low...high, ticks: [Plot.Tick(low, label), Plot.Tick(high, name)]) : nil
    }
    let series = (0..<number(4)).map { _ in
      Plot.Series(name: text(), points: (0..<number(8)).map { _ in Plot.Point(x: float(), y: float()) })
    }
    return Plot(
      kind: number(2) == 0 ? .line : .scatter, rows: rows(), series: series, x: axis(float(), float(), text(), text()),
      y: axis(float(), float(), text(), text()))
  }

  mutating func diagram() -> Diagram {
    var work = RunWork()
    let names = (0..<number(5)).map { _ in text() }
    for _ in 0..<number(3) {
      var stage = StageWork(title: text())
      for name in names {
        let (tasks, made, reused) = (number(3), number(3), number(2))
        stage.change(name) { ($0.tasks, $0.blocksMade, $0.bytesMade, $0.blocksReused) = (tasks, made, made * 100, reused) }
      }
      work.stages.append(stage)
    }
    let all = names + ["head"]
    work.moved = (0..<number(6)).map { _ in
      Movement(from: all[number(all.count)], to: all[number(all.count)], bytes: number(100_000))
    }
    return Diagram(action: text(), dataset: text(), rows: number(9), work: work, parts: [], nodeNames: ["head"] + names)
  }

  mutating func blockMap() -> BlockMap {
    BlockMap(
      dataset: number(2) == 0 ? nil : text(),
      nodes: (0..<number(4)).map { _ in
        BlockMap.Node(
          name: text(),
          blocks: (0..<number(700)).map { _ in
            BlockMap.Block(state: BlockMap.State.allCases[number(4)], bytes: number(9_000), rows: number(900))
          })
      })
  }

  mutating func listing() -> Listing {
    let units: [Listing.Unit] = [.none, .bytes, .bytesOfLargest, .count, .seconds]
    let columns = (0..<1 + number(4)).map { _ in Listing.Column(number(3) == 0 ? "limit" : text(), units[number(5)]) }
    return Listing(
      name: text(), columns: columns, rows: (0..<number(4)).map { _ in columns.map { _ in value([.int64, .float64, .string][number(3)]) } })
  }

  mutating func rowsOutput() -> RowsOutput {
    let rows = rows()
    let layouts: [RowsOutput.Layout] = [.table, .columns, .headAndTail(head: min(2, rows.rowCount), total: rows.rowCount + number(9))]
    return RowsOutput(
      rows: rows, layout: layouts[number(3)], totalRows: number(2) == 0 ? nil : rows.rowCount + number(5),
      more: [.no, .maybe, .yes][number(3)])
  }

  mutating func next() -> Output {
    switch number(14) {
    case 0: .rows(rowsOutput())
    case 1: .listing(listing())
    case 2: .schema(rows().schema, origins: (0..<number(3)).map { _ in text() })
    case 3: .diagram(diagram(), number(2) == 0 ? .mermaid : .text)
    case 4: .blockMap(blockMap())
    case 5: .bars(Bars(rows: rows(), moreFollow: number(2) == 0))
    case 6: .plot(plot())
    case 7: .dataset(number: number(9), name: number(2) == 0 ? nil : text(), sentence: text())
    case 8: .scalar(name: text(), value: value([.int64, .float64, .string][number(3)]))
    case 9: .lines((0..<number(5)).map { _ in text() })
    case 10:
      .receipt(
        Receipt(
          action: text(), dataset: text(), seconds: number(2) == 0 ? nil : float(), lines: (0..<number(3)).map { _ in text() },
          notes: (0..<number(3)).map { _ in text() }))
    case 11: .notice(text())
    case 12: .text([.start, .bytes(Array(text().utf8.dropFirst(number(3)))), .end][number(3)])
    default: .presented(next(), Presentation(format: [nil, .line, .table][number(3)], isFull: number(2) == 0))
    }
  }

  mutating func settings() -> RenderSettings {
    RenderSettings(
      width: [nil, 1, 20, 80][number(4)], usesColor: number(2) == 0, drawing: number(2) == 0 ? .unicode : .ascii,
      rowLimit: [nil, 1, 2, 3][number(4)], digits: [nil, 1, 17][number(3)])
  }
}
