// Logical plans as bytes: the form in which another process or another engine gets them.

import DshColumns
import DshSystem

extension ByteWriter {
  public mutating func write(_ source: FileSource) {
    write(source.label)
    write(source.shapes) { writer, shape in
      writer.write(shape.format)
      writer.write(shape.schema)
      writer.write(shape.layout)
    }
    write(source.files) { writer, file in
      writer.write(file.path)
      writer.write(file.givenName) { $0.write($1) }
      writer.write(file.identity.numbers) { $0.write($1) }
      writer.write(file.shape)
      switch file.knowledge {
      case .assumed: writer.write(false)
      case .found(let dataStart, let rowCount):
        writer.write(true)
        writer.write(dataStart)
        writer.write(rowCount) { $0.write($1) }
      }
      writer.write(file.partition) { writer, known in
        writer.write(known.column)
        writer.write(known.value)
      }
    }
    write(source.schema)
    write(source.pathColumn) { $0.write($1) }
    write(source.blockBytes)
    write(source.spreads)
    write(source.packs)
    write(source.isMapped)
  }

  public mutating func write(_ keys: [SortColumn]) {
    write(keys) { writer, key in
      writer.write(key.index)
      writer.write(key.descending)
    }
  }

  public mutating func write(_ plan: LogicalPlan) {
    switch plan {
    case .read(let source, let columns):
      write(UInt8(0))
      write(source)
      write(columns) { $0.write($1) }
    case .range(let start, let end, let step, let blocks):
      write(UInt8(1))
      write(start)
      write(end)
      write(step)
      write(blocks ?? 0)
    case .rows(let schema, let rows):
      write(UInt8(2))
      write(schema)
      write(rows) { writer, row in writer.write(row) { $0.write($1) } }
    case .project(let input, let columns):
      write(UInt8(3))
      write(input)
      write(columns) { $0.write($1) }
    case .filter(let input, let predicate):
      write(UInt8(4))
      write(input)
      write(predicate)
    case .limit(let input, let count, let offset):
      write(UInt8(5))
      write(input)
      write(count)
      write(offset)
    case .union(let inputs):
      write(UInt8(6))
      write(inputs) { $0.write($1) }
    case .aggregate(let input, let aggregation):
      write(UInt8(7))
      write(input)
      write(aggregation)
    case .sort(let input, let keys):
      write(UInt8(8))
      write(input)
      write(keys)
    case .stored(let input):
      write(UInt8(9))
      write(input)
    case .operation(let operation, let inputs):
      write(UInt8(10))
      write(type(of: operation.step).name)
      write(inputs) { $0.write($1) }
      operation.step.encode(to: &self)
    }
  }
}

extension ByteReader {
  public mutating func readFileSource() throws -> FileSource {
    let label = try readString()
    let shapes = try readArray { FileShape(format: try $0.readString(), schema: try $0.readSchema(), layout: try $0.readBytes()) }
    var source = FileSource(
      label: label, shapes: shapes,
      files: try readArray { reader in
        let path = try reader.readString()
        let givenName = try reader.readOptional { try $0.readString() }
        guard let identity = FileIdentity(numbers: try reader.readArray { try $0.readInt64() }) else {
          throw DecodingFailure("a file without its identity")
        }
        let shape = try reader.readInt()
        guard shapes.indices.contains(shape) else { throw DecodingFailure("a file of no shape") }
        let knowledge: SourceFile.Knowledge =
          try reader.readBool()
          ? .found(dataStart: try reader.readInt(), rowCount: try reader.readOptional { try $0.readInt() }) : .assumed
        var file = SourceFile(path: path, givenName: givenName, identity: identity, shape: shape, knowledge: knowledge)
        file.partition = try reader.readArray { PartitionValue(column: try $0.readString(), value: try $0.readValue()) }
        return file
      },
      schema: try readSchema(), pathColumn: try readOptional { try $0.readString() }, blockBytes: try readInt())
    source.spreads = try readBool()
    source.packs = try readBool()
    source.isMapped = try readBool()
    return source
  }

  public mutating func readSortColumns() throws -> [SortColumn] {
    try readArray { SortColumn(try $0.readInt(), descending: try $0.readBool()) }
  }

  /// Reads a plan; its schemas are consistent only if the writer's were. Its aggregates are those of the catalog.
  public mutating func readPlan(_ aggregates: any AggregateCatalog) throws -> LogicalPlan {
    try nested { reader in
      switch try reader.readUInt8() {
      case 0:
        let source = try reader.readFileSource()
        let columns = try reader.readArray { try $0.readInt() }
        guard columns.allSatisfy({ source.schema.fields.indices.contains($0) }) else { throw DecodingFailure("column out of range") }
        return .read(source, columns: columns)
      case 1:
        let (start, end, step, blocks) = (try reader.readInt64(), try reader.readInt64(), try reader.readInt64(), try reader.readInt())
        return .range(start: start, end: end, step: step, blocks: blocks > 0 ? blocks : nil)
      case 2: return .rows(try reader.readSchema(), try reader.readArray { try $0.readArray { try $0.readValue() } })
      case 3: return .project(try reader.readPlan(aggregates), try reader.readArray { try $0.readNamedExpression() })
      case 4: return .filter(try reader.readPlan(aggregates), try reader.readExpression())
      case 5: return .limit(try reader.readPlan(aggregates), count: try reader.readInt(), offset: try reader.readInt())
      case 6: return .union(try reader.readArray { try $0.readPlan(aggregates) })
      case 7: return .aggregate(try reader.readPlan(aggregates), try reader.readAggregation(aggregates))
      case 8: return .sort(try reader.readPlan(aggregates), try reader.readSortColumns())
      case 9: return .stored(try reader.readPlan(aggregates))
      case 10: return try OperationRegistry.read(from: &reader) { try $0.readArray { try $0.readPlan(aggregates) } }
      case let tag: throw DecodingFailure("unknown plan tag \(tag)")
      }
    }
  }
}
