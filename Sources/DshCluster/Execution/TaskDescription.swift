// What one task does, as plain data: where its rows come from, the steps they go through, and what is made of them.

import DshColumns
import DshFormats
import DshPlan
import DshStore

/// A fused pipeline over one split or over some blocks.
public struct TaskDescription: Sendable {
  public var source: TaskSource
  public var steps: [TaskStep]
  public var sink: TaskSink
  /// The most rows of a batch; changes speed, never results.
  public var batchRows: Int

  public init(source: TaskSource, steps: [TaskStep], sink: TaskSink, batchRows: Int) {
    self.source = source
    self.steps = steps
    self.sink = sink
    self.batchRows = batchRows
  }
}

extension TaskDescription {
  /// Whether it reads a split whose first record was guessed.
  var startIsGuessed: Bool {
    if case .file(let scan, _, _) = source { return !scan.startIsExact }
    return false
  }

  /// Whether its input is in stores, so that it may move some of it.
  var readsBlocks: Bool {
    switch source {
    case .block, .groups, .runs, .copy: true
    case .file, .range, .rows: false
    }
  }
}

/// Some rows of a block.
public struct BlockSlice: Hashable, Sendable {
  public var location: BlockLocation
  public var rows: Range<Int>

  public init(_ location: BlockLocation, rows: Range<Int>? = nil) {
    self.location = location
    self.rows = rows ?? 0..<location.rows
  }

  /// Some of these rows, counted from the first of them.
  public func part(_ range: Range<Int>) -> BlockSlice {
    BlockSlice(location, rows: rows.lowerBound + range.lowerBound..<rows.lowerBound + range.upperBound)
  }

  /// About how many bytes they take.
  var estimatedBytes: Int { location.byteCount / max(1, location.rows) * rows.count }

  /// The first of these rows.
  func prefix(_ count: Int) -> BlockSlice { BlockSlice(location, rows: rows.lowerBound..<rows.lowerBound + min(count, rows.count)) }
}

/// How a column of a `read` comes about in one file.
public enum ReadColumn: Hashable, Sendable {
  /// A column of the file, by its place among the scanned ones.
  case scanned(Int)
  /// The file has no such column.
  case missing(DataType)
  /// The path of the file.
  case path(String)
}

public enum TaskSource: Sendable {
  /// A part of a file. `columns` are the columns of the `read`, `names` their names.
  case file(FileScan, columns: [ReadColumn], names: [String])
  case range(start: Int64, step: Int64, count: Int)
  case rows(Schema, [[Value]])
  case block(BlockSlice)
  /// The groups that several partial aggregations make together.
  case groups([BlockSlice], Aggregation)
  /// Rows of several sorted runs in one order.
  case runs([BlockSlice], Schema, [SortColumn])
  /// A block, byte for byte; steps and sink are not used.
  case copy(BlockLocation)
}

public enum TaskStep: Hashable, Sendable {
  case filter(Expression)
  case project([NamedExpression])
}

public enum TaskSink: Hashable, Sendable {
  /// One block; with a limit, the task ends as soon as it has so many rows.
  case block(limit: Int?)
  /// Partial states of groups, in partitions by the hash of the keys.
  case partials(Aggregation, partitionCount: Int)
  /// A block in order.
  case run([SortColumn])
  /// The rows as text in a format; the first part may need a header.
  case text(format: String)
  /// The rows with these numbers as one block.
  case rows(Range<Int>)
  /// The first and the last rows as one block.
  case ends(first: Int, last: Int)
  /// No block: the rows are counted, up to a limit.
  case count(limit: Int)
}

extension ByteWriter {
  mutating func write(_ location: BlockLocation) {
    write(location.id.rawValue)
    write(location.node)
    write(location.epoch)
    write(location.offset)
    write(location.byteCount)
    write(location.rows)
  }

  mutating func write(_ slice: BlockSlice) {
    write(slice.location)
    write(slice.rows.lowerBound)
    write(slice.rows.upperBound)
  }

  mutating func write(_ task: TaskDescription) {
    switch task.source {
    case .file(let scan, let columns, let names):
      write(UInt8(0))
      scan.encode(to: &self)
      write(columns) { writer, column in
        switch column {
        case .scanned(let index):
          writer.write(UInt8(0))
          writer.write(index)
        case .missing(let type):
          writer.write(UInt8(1))
          writer.write(type)
        case .path(let path):
          writer.write(UInt8(2))
          writer.write(path)
        }
      }
      write(names) { $0.write($1) }
    case .range(let start, let step, let count):
      write(UInt8(1))
      write(start)
      write(step)
      write(count)
    case .rows(let schema, let rows):
      write(UInt8(2))
      write(schema)
      write(rows) { writer, row in writer.write(row) { $0.write($1) } }
    case .block(let slice):
      write(UInt8(3))
      write(slice)
    case .groups(let slices, let aggregation):
      write(UInt8(4))
      write(slices) { $0.write($1) }
      write(aggregation)
    case .runs(let slices, let schema, let keys):
      write(UInt8(5))
      write(slices) { $0.write($1) }
      write(schema)
      write(keys)
    case .copy(let location):
      write(UInt8(6))
      write(location)
    }
    write(task.steps) { writer, step in
      switch step {
      case .filter(let predicate):
        writer.write(UInt8(0))
        writer.write(predicate)
      case .project(let columns):
        writer.write(UInt8(1))
        writer.write(columns) { $0.write($1) }
      }
    }
    switch task.sink {
    case .block(let limit):
      write(UInt8(0))
      write(limit) { $0.write($1) }
    case .partials(let aggregation, let partitionCount):
      write(UInt8(1))
      write(aggregation)
      write(partitionCount)
    case .run(let keys):
      write(UInt8(2))
      write(keys)
    case .text(let format):
      write(UInt8(3))
      write(format)
    case .rows(let wanted):
      write(UInt8(4))
      write(wanted.lowerBound)
      write(wanted.upperBound)
    case .ends(let first, let last):
      write(UInt8(5))
      write(first)
      write(last)
    case .count(let limit):
      write(UInt8(6))
      write(limit)
    }
    write(task.batchRows)
  }
}

extension ByteReader {
  mutating func readLocation() throws -> BlockLocation {
    BlockLocation(
      id: BlockID(rawValue: try readUInt64()), node: try readInt(), epoch: try readInt(), offset: try readInt(),
      byteCount: try readInt(), rows: try readInt())
  }

  mutating func readSlice() throws -> BlockSlice {
    let location = try readLocation()
    let start = try readInt()
    let end = try readInt()
    guard start >= 0, start <= end, end <= location.rows else { throw DecodingFailure("rows outside a block") }
    return BlockSlice(location, rows: start..<end)
  }

  mutating func readTask() throws -> TaskDescription {
    let source: TaskSource
    switch try readUInt8() {
    case 0:
      let scan = try FileScan(from: &self)
      let columns: [ReadColumn] = try readArray { reader in
        switch try reader.readUInt8() {
        case 0: return .scanned(try reader.readInt())
        case 1: return .missing(try reader.readType())
        case 2: return .path(try reader.readString())
        case let tag: throw DecodingFailure("unknown column tag \(tag)")
        }
      }
      source = .file(scan, columns: columns, names: try readArray { try $0.readString() })
    case 1: source = .range(start: try readInt64(), step: try readInt64(), count: try readInt())
    case 2: source = .rows(try readSchema(), try readArray { try $0.readArray { try $0.readValue() } })
    case 3: source = .block(try readSlice())
    case 4: source = .groups(try readArray { try $0.readSlice() }, try readAggregation())
    case 5: source = .runs(try readArray { try $0.readSlice() }, try readSchema(), try readSortColumns())
    case 6: source = .copy(try readLocation())
    case let tag: throw DecodingFailure("unknown source tag \(tag)")
    }
    let steps: [TaskStep] = try readArray { reader in
      switch try reader.readUInt8() {
      case 0: return .filter(try reader.readExpression())
      case 1: return .project(try reader.readArray { try $0.readNamedExpression() })
      case let tag: throw DecodingFailure("unknown step tag \(tag)")
      }
    }
    let sink: TaskSink
    switch try readUInt8() {
    case 0: sink = .block(limit: try readOptional { try $0.readInt() })
    case 1: sink = .partials(try readAggregation(), partitionCount: try readInt())
    case 2: sink = .run(try readSortColumns())
    case 3: sink = .text(format: try readString())
    case 4:
      let first = try readInt()
      let end = try readInt()
      guard 0 <= first, first <= end else { throw DecodingFailure("rows that end before they start") }
      sink = .rows(first..<end)
    case 5: sink = .ends(first: max(0, try readInt()), last: max(0, try readInt()))
    case 6: sink = .count(limit: try readInt())
    case let tag: throw DecodingFailure("unknown sink tag \(tag)")
    }
    return TaskDescription(source: source, steps: steps, sink: sink, batchRows: max(1, try readInt()))
  }
}
