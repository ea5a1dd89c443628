// Plans survive their bytes, and no bytes trap the reader.

import DshColumns
import DshPlan
import DshSystem
import Testing

struct PlanCodingTests {
  private var plans: [LogicalPlan] {
    guard let identity = FileIdentity(numbers: [3, -1, 10, 5, .max]) else { preconditionFailure("five numbers are an identity") }
    let file = SourceFile(path: "/data/x.csv", identity: identity, shape: 0, knowledge: .found(dataStart: 2, rowCount: nil))
    let assumed = SourceFile(path: "/data/y.csv", identity: identity, shape: 0, knowledge: .assumed)
    let shape = FileShape(format: "csv", schema: Schema([Field("a", .int64)]), layout: [1, 2, 3])
    let source = FileSource(
      label: "x.csv", shapes: [shape], files: [file, assumed], schema: Schema([Field("a", .int64), Field("l", .list(.string))]),
      pathColumn: "path", blockBytes: 7)
    let a = Expression.column(0, .int64)
    let read = LogicalPlan.read(source, columns: [1, 0])
    let rows = LogicalPlan.rows(Schema([Field("x", .float64)]), [[.float64(.nan)], [.null], [.float64(-0.0)]])
    return [
      read, rows, .range(start: .min, end: .max, step: -3),
      .project(read, [NamedExpression("n", .cast(.literal(.list([.date(3), .null]), .list(.date)), to: .string, isTry: true))]),
      .filter(read, .call("and", [.call(">", [a, a], .bool), .literal(.bool(true), .bool)], .bool)), .limit(rows, count: 3, offset: 1),
      .union([rows, rows]), .sort(read, [SortColumn(0, descending: true)]), .operation(Operation(Distinct([1])), [read]),
      .operation(Operation(Join(.left, leftKeys: [1], rightKeys: [1], rightColumns: [Join.RightColumn(0, name: "r")])), [read, read]),
      .operation(Operation(RowNumber("n", from: -3)), [read]), .operation(Operation(RandomKey("r", seed: 7)), [read]),
      .operation(Operation(Sample(from: 0.25, to: 1, seed: 7)), [read]), .operation(Operation(Tail(3)), [read]),
      .operation(Operation(Elements(NamedExpression("e", .column(0, .list(.string))))), [read]),
      .operation(Operation(FillForward([0], keys: [1])), [read]), .operation(Operation(Unpivot([1], name: "n", value: "v")), [read]),
      .operation(Operation(Repartition(.bytes(4096), keys: [])), [read]), .operation(Operation(Repartition(.blocks(4), keys: [1])), [read]),
      .operation(Operation(Zip(ExpressionOrigin())), [read, rows]),
      .operation(
        Operation(AsOfJoin(.less, leftKeys: [0], rightKeys: [0], rightColumns: [Join.RightColumn(0, name: "é")])), [rows, rows]),
      .operation(
        Operation(MapBatches(ProgramCall("cat", folder: "/", format: "csv", batchRows: 3, schema: rows.schema, isSchemaGiven: true))),
        [rows]),
      .operation(Operation(TopPerKey(2, by: [SortColumn(1, descending: true)], per: [1])), [read]),
      .operation(
        Operation(
          Window(
            keys: [1], order: [SortColumn(0, descending: true)],
            calls: [
              WindowCall(
                name: "s", function: "sum", arguments: [0], constants: [.int64(1)], frame: WindowFrame(before: nil, after: 3), type: .int64)
            ])), [read]),
      .stored(
        .aggregate(
          read,
          Aggregation(keys: [NamedExpression("k", a)], aggregates: [aggregateCall("sum", [a]), aggregateCall("count", [])]))),
    ]
  }

  private func bytes(_ plan: LogicalPlan) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(plan)
    return writer.bytes
  }

  @Test func roundTrip() throws {
    for plan in plans {
      var reader = ByteReader(bytes(plan))
      let read = try reader.readPlan(SomeAggregates())
      // NaN is not equal to itself, so the bytes are compared.
      #expect(bytes(read) == bytes(plan))
      #expect(reader.remaining == 0)
    }
  }

  @Test func truncationsAreRefused() {
    for plan in plans {
      let whole = bytes(plan)
      for length in 0..<whole.count {
        var reader = ByteReader(Array(whole.prefix(length)))
        #expect(throws: (any Error).self) { try reader.readPlan(SomeAggregates()) }
      }
    }
  }

  @Test func changedBytesNeverTrap() {
    for plan in plans {
      let whole = bytes(plan)
      for position in whole.indices {
        for change in [UInt8(1), 0x40, 0xFF] {
          var copy = whole
          copy[position] ^= change
          var reader = ByteReader(copy)
          _ = try? reader.readPlan(SomeAggregates())
        }
      }
    }
  }

  @Test func nestingIsLimited() {
    // 500 plans inside one another are refused instead of exhausting the stack.
    var reader = ByteReader([UInt8](repeating: 9, count: 10_000))
    #expect(throws: (any Error).self) { try reader.readPlan(SomeAggregates()) }
  }
}
