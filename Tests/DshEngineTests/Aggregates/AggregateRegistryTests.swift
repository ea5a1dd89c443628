// The catalog of aggregates: what other processes send of calls and of states is checked against it.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct AggregateRegistryTests {
  private func read(_ function: String, _ arguments: [Expression], _ constants: [Value], _ type: DataType) throws -> Aggregation {
    var writer = ByteWriter()
    writer.write([NamedExpression]()) { $0.write($1) }
    writer.write([function]) { writer, function in
      writer.write("column")
      writer.write(function)
      writer.write(arguments) { $0.write($1) }
      writer.write(constants) { $0.write($1) }
      writer.write([Expression]()) { $0.write($1) }
      writer.write(type)
    }
    var reader = ByteReader(writer.bytes)
    return try reader.readAggregation(AggregateRegistry())
  }

  @Test func callsSurviveTheirBytes() throws {
    let x = Expression.column(0, .float64)
    let calls =
      try [call("count"), call("sum", x), call("max", .column(1, .string)), call("std", x)]
      + [#require(AggregateRegistry().signature(of: "count")?.call("n", [], condition: .column(3, .bool)))]
    let aggregation = Aggregation(keys: [NamedExpression("k", .column(2, .date))], aggregates: calls)
    var writer = ByteWriter()
    writer.write(aggregation)
    var reader = ByteReader(writer.bytes)
    let copy = try reader.readAggregation(AggregateRegistry())
    #expect(copy == aggregation && copy.stateSchema == aggregation.stateSchema && reader.remaining == 0)
  }

  @Test func whatNoBinderMakesIsRefused() throws {
    let x = Expression.column(0, .int64)
    #expect(try read("sum", [x], [], .int64).aggregates == [call("sum", x)].map { $0.renamed("column") })
    for (function, arguments, constants, type) in [
      ("middle", [x], [], DataType.int64), ("", [], [], .int64), ("sum", [], [], .int64), ("sum", [x, x], [], .int64),
      ("sum", [x], [], .float64), ("sum", [x], [.int64(1)], .int64), ("mean", [.column(0, .date)], [], .float64),
      ("min", [.column(0, .list(.int64))], [], .list(.int64)),
    ] as [(String, [Expression], [Value], DataType)] {
      #expect(throws: DecodingFailure.self) { try read(function, arguments, constants, type) }
    }
  }

  @Test func changedBytesNeverTrap() throws {
    let calls = try AggregateRegistry.all.map(\.signature.name).filter { resultType($0, .int64) != nil }.map { try call($0, .int64) }
    var writer = ByteWriter()
    writer.write(Aggregation(keys: [NamedExpression("k", .column(1, .int64))], aggregates: calls))
    for position in writer.bytes.indices {
      for change in [UInt8(1), 2, 0x40, 0xFF] {
        var bytes = writer.bytes
        bytes[position] ^= change
        var reader = ByteReader(bytes)
        guard let aggregation = try? reader.readAggregation(AggregateRegistry()) else { continue }
        #expect(aggregation.stateSchema.count >= aggregation.keys.count)
        _ = try? GroupedAggregator(aggregation)
      }
    }
  }

  /// States of any types are refused with an error, and right ones may hold anything.
  @Test func statesOfOtherProcessesNeverTrap() throws {
    let types: [DataType] = [.int64, .float64, .string, .date, .bool, .null, .list(.int64)]
    var generator = ExpressionGenerator(random: SplitMix(seed: 11))
    for aggregate in AggregateRegistry.all {
      for type in types {
        guard let call = aggregate.signature.call("a", [.column(1, type)]) else { continue }
        let aggregation = Aggregation(keys: [NamedExpression("k", .column(0, .int64))], aggregates: [call])
        let right = aggregation.stateSchema.types
        var others = [Array(right.dropLast()), right + [.int64], []]
        for index in right.indices { others += types.map { other in right.enumerated().map { $0.offset == index ? other : $0.element } } }
        for given in others + [right, right, right] {
          let groups = try GroupedAggregator(aggregation)
          let columns = given.map { column($0, generator.column($0, rows: 9)) }
          groups.merge(Batch(schema: Schema(given.map { Field("s", $0) }), columns: columns, rowCount: 9))
          if given == right {
            _ = try? groups.finish()
            _ = groups.partialBatches(3)
          } else {
            #expect(throws: (any Error).self) { try groups.finish() }
          }
        }
      }
    }
  }
}

extension AggregateCall {
  fileprivate func renamed(_ name: String) -> AggregateCall {
    var copy = self
    copy.name = name
    return copy
  }
}
