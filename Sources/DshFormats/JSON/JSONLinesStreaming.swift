// JSON Lines in a pipe: an object a line, both ways.
import CDshKernels
import DshColumns
import DshDiagnostics

struct JSONLinesStreaming: FormatStreaming {
  func header(_ schema: Schema) -> [UInt8] { [] }

  func encode(_ batch: Batch) -> [UInt8] {
    let output = MutableBuffer(capacity: batch.rowCount * 32)
    if batch.rowCount > 0 { JSONLinesWriter().append(batch, to: output) }
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  func footer(_ schema: Schema) -> [UInt8] { [] }

  func makeDecoder(_ schema: Schema, isGiven: Bool) -> any RowDecoder { JSONLinesDecoder(schema, isGiven: isGiven) }

  func schema(of sample: [UInt8], isWhole: Bool, like input: Schema) throws(StreamMistake) -> Schema? {
    var lines = StreamLines()
    var names: [ExactText: Int] = [:]
    var values: [[JSONValue]] = []
    var fields: [Field] = []
    for line in try lines.lines(sample, isEnd: isWhole) {
      for member in try line.object() {
        if let index = names[ExactText(member.name)] {
          fields[index].type = fields[index].type.holding(member.value.type)
          values[index].append(member.value)
        } else {
          names[ExactText(member.name)] = fields.count
          fields.append(Field(member.name, member.value.type))
          values.append([member.value])
        }
      }
    }
    if fields.isEmpty { return nil }
    for index in fields.indices {
      let known = input.index(of: fields[index].name).map { input[$0].type }
      if let known, values[index].allSatisfy({ $0.value(of: known) != nil && ($0.type == .string || known != .string) || $0 == .null }) {
        fields[index].type = known
      }
      fields[index].type = fields[index].type.settled
    }
    return Schema(fields)
  }
}

/// A line of a stream, without its end.
struct StreamLine {
  /// From 1.
  var number: Int
  var bytes: ArraySlice<UInt8>

  var place: String { "line \(number)" }

  /// The members of the object that it is.
  func object() throws(StreamMistake) -> [JSONMember] {
    let invalid = bytes.withUnsafeBufferPointer { dsh_utf8_first_invalid($0.baseAddress, Int64($0.count)) }
    if invalid >= 0 { throw StreamMistake(place, "byte \(invalid + 1) is not UTF-8: \(streamExcerpt(bytes))") }
    var text = JSONText(bytes)
    let value: JSONValue
    do throws(JSONMistake) { value = try text.value() } catch { throw StreamMistake(place, error.problem) }
    guard case .object(let members) = value else { throw StreamMistake(place, "a JSON object should stand here: \(streamExcerpt(bytes))") }
    return members
  }
}

/// Cuts a stream into lines; blank ones are counted and left out.
struct StreamLines {
  /// A line that has no end yet, and how much of it was looked at.
  private var rest: [UInt8] = []
  private var count = 0

  mutating func lines(_ bytes: [UInt8], isEnd: Bool) throws(StreamMistake) -> [StreamLine] {
    var lines: [StreamLine] = []
    var start = 0
    // What was there before has no line end.
    var position = rest.count
    rest += bytes
    while let end = rest[position...].firstIndex(of: 0x0A) {
      add(rest[start..<end], to: &lines)
      (start, position) = (end + 1, end + 1)
    }
    if isEnd, start < rest.count {
      add(rest[start...], to: &lines)
      start = rest.count
    }
    rest.removeFirst(start)
    guard rest.count <= streamRecordLimitBytes else {
      throw StreamMistake("line \(count + 1)", "it is longer than \(streamRecordLimitBytes) bytes")
    }
    return lines
  }

  private mutating func add(_ line: ArraySlice<UInt8>, to lines: inout [StreamLine]) {
    count += 1
    if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { lines.append(StreamLine(number: count, bytes: line)) }
  }
}

/// Makes rows of lines. A column that a line does not name is null there.
private final class JSONLinesDecoder: RowDecoder {
  private let schema: Schema
  private let isGiven: Bool
  private var lines = StreamLines()
  private let indexes: [ExactText: Int]

  init(_ schema: Schema, isGiven: Bool) {
    self.schema = schema
    self.isGiven = isGiven
    indexes = Dictionary(schema.fields.enumerated().map { (ExactText($1.name), $0) }) { first, _ in first }
  }

  func decode(_ bytes: [UInt8], isEnd: Bool) throws(StreamMistake) -> Batch {
    let whole = try lines.lines(bytes, isEnd: isEnd)
    let builders = schema.fields.map { ColumnBuilder(type: $0.type, rows: whole.count) }
    for line in whole {
      var row = schema.fields.map { _ in Value.null }
      for member in try line.object() {
        guard let index = indexes[ExactText(member.name)] else {
          // Who has said what the columns are wants no others.
          if isGiven { continue }
          throw StreamMistake(line.place, column: member.name, "the sample had no such column", fittingType: member.value.type.settled)
        }
        guard let value = member.value.value(of: schema[index].type) else {
          throw StreamMistake(
            line.place, column: member.name, "this is no \(schema[index].type.name): \(streamExcerpt(Array(member.value.text.utf8)))",
            fittingType: schema[index].type.holding(member.value.type).settled)
        }
        row[index] = value
      }
      for (builder, value) in zip(builders, row) { builder.append(value) }
    }
    return Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: whole.count)
  }
}
