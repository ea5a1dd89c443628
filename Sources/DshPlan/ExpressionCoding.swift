// Expressions, sort keys and aggregations as bytes.

import DshColumns

extension ByteWriter {
  public mutating func write(_ expression: Expression) {
    switch expression {
    case .column(let index, let type):
      write(UInt8(0))
      write(index)
      write(type)
    case .literal(let value, let type):
      write(UInt8(1))
      write(value)
      write(type)
    case .call(let name, let arguments, let type, _):
      write(UInt8(2))
      write(name)
      write(arguments) { $0.write($1) }
      write(type)
    case .cast(let operand, let type, let isTry, _):
      write(UInt8(3))
      write(operand)
      write(type)
      write(isTry)
    case .parameter(let number, let type):
      write(UInt8(4))
      write(number)
      write(type)
    case .lambda(let first, let types, let body):
      write(UInt8(5))
      write(first)
      write(types) { $0.write($1) }
      write(body)
    }
  }

  public mutating func write(_ named: NamedExpression) {
    write(named.name)
    write(named.expression)
  }

  public mutating func write(_ aggregation: Aggregation) {
    write(aggregation.keys) { $0.write($1) }
    write(aggregation.aggregates) { writer, call in
      writer.write(call.name)
      writer.write(call.function)
      writer.write(call.arguments) { $0.write($1) }
      writer.write(call.constants) { $0.write($1) }
      writer.write(call.condition.map { [$0] } ?? []) { $0.write($1) }
      writer.write(call.type)
    }
  }
}

extension ByteReader {
  public mutating func readExpression() throws -> Expression {
    try nested { reader in
      switch try reader.readUInt8() {
      case 0: return .column(try reader.readInt(), try reader.readType())
      case 1: return .literal(try reader.readValue(), try reader.readType())
      case 2: return .call(try reader.readString(), try reader.readArray { try $0.readExpression() }, try reader.readType())
      case 3: return .cast(try reader.readExpression(), to: try reader.readType(), isTry: try reader.readBool())
      case 4: return .parameter(try reader.readInt(), try reader.readType())
      case 5: return .lambda(first: try reader.readInt(), try reader.readArray { try $0.readType() }, body: try reader.readExpression())
      case let tag: throw DecodingFailure("unknown expression tag \(tag)")
      }
    }
  }

  public mutating func readNamedExpression() throws -> NamedExpression {
    NamedExpression(try readString(), try readExpression())
  }

  /// Reads an aggregation; fails if the catalog has no such aggregates over such arguments and constants.
  public mutating func readAggregation(_ catalog: any AggregateCatalog) throws -> Aggregation {
    Aggregation(
      keys: try readArray { try $0.readNamedExpression() },
      aggregates: try readArray { reader in
        let name = try reader.readString()
        let function = try reader.readString()
        guard let signature = catalog.signature(of: function) else { throw DecodingFailure("unknown aggregate \(function)") }
        let arguments = try reader.readArray { try $0.readExpression() }
        let constants = try reader.readArray { try $0.readValue() }
        let conditions = try reader.readArray { try $0.readExpression() }
        let type = try reader.readType()
        guard conditions.count <= 1,
          let call = signature.call(name, arguments, constants: constants, condition: conditions.first), call.type == type
        else {
          throw DecodingFailure("the aggregate \(function) does not have these operands")
        }
        return call
      })
  }
}
