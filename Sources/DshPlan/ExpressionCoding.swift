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
      writer.write(call.function.rawValue)
      writer.write(call.argument) { $0.write($1) }
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
      case let tag: throw DecodingFailure("unknown expression tag \(tag)")
      }
    }
  }

  public mutating func readNamedExpression() throws -> NamedExpression {
    NamedExpression(try readString(), try readExpression())
  }

  public mutating func readAggregation() throws -> Aggregation {
    Aggregation(
      keys: try readArray { try $0.readNamedExpression() },
      aggregates: try readArray { reader in
        let name = try reader.readString()
        let tag = try reader.readUInt8()
        guard let function = AggregateFunction(rawValue: tag) else { throw DecodingFailure("unknown aggregate \(tag)") }
        return AggregateCall(name, function, try reader.readOptional { try $0.readExpression() })
      })
  }
}
