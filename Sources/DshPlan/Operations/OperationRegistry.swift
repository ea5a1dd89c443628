// Every step of a plan that has a file of its own; such a step is its file and a line here.

import DshColumns

public enum OperationRegistry {
  public static let all: [any LogicalOperation.Type] = [
    Distinct.self, Join.self, Window.self, RowNumber.self, RandomKey.self, Sample.self, Tail.self, Elements.self,
    FillForward.self, Unpivot.self, TopPerKey.self, Repartition.self, Zip.self, MapBatches.self, AsOfJoin.self,
  ]

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// Reads a step and, before it, as many inputs as it has.
  static func read(from reader: inout ByteReader, inputs: (inout ByteReader) throws -> [LogicalPlan]) throws -> LogicalPlan {
    let name = try reader.readString()
    guard let type = byName[name] else { throw DecodingFailure("unknown step \(name)") }
    let inputs = try inputs(&reader)
    guard inputs.count == type.inputCount else { throw DecodingFailure("\(inputs.count) inputs of \(name)") }
    return .operation(Operation(try type.init(from: &reader, over: inputs.map(\.schema))), inputs)
  }
}
