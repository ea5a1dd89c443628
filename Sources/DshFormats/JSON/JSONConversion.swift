// Which type a JSON value has, and the value of a type that it stands for.
import DshColumns
import DshDiagnostics

extension JSONValue {
  /// The type that fits it best.
  var type: DataType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number(let text): Int64(text) == nil ? .float64 : .int64
    case .string: .string
    case .array(let elements): .list(elements.reduce(.null) { $0.holding($1.type) })
    case .object(let members): .structure(members.map { Field($0.name, $0.value.type) })
    }
  }

  /// The value of a type; nil if it stands for none. Whole numbers may have a fraction of zeros, and a column of text has anything else as it would stand
  /// in JSON.
  func value(of type: DataType) -> Value? {
    switch (self, type) {
    case (.null, _): .null
    case (.bool(let flag), .bool): .bool(flag)
    case (.number(let text), .int64): (Int64(text) ?? Double(text).flatMap { Int64(exactly: $0) }).map { .int64($0) }
    case (.number(let text), .float64): Double(text).map { .float64($0) }
    case (.string(let text), .string): .string(text)
    case (.string(let text), .date): Self.bytes(text) { Calendar.parseDate($0) }.map { .date($0) }
    case (.string(let text), .timestamp): Self.bytes(text) { Calendar.parseTimestamp($0) }.map { .timestamp($0) }
    case (.array(let elements), .list(let element)): Self.all(elements.map { $0.value(of: element) }).map { .list($0) }
    case (.object(let members), .structure(let fields)): Self.structure(members, fields)
    case (_, .string): .string(text)
    default: nil
    }
  }

  private static func bytes<T>(_ text: String, _ body: (UnsafeRawBufferPointer) -> T) -> T {
    var text = text
    return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  private static func all(_ values: [Value?]) -> [Value]? {
    let found = values.compactMap(\.self)
    return found.count == values.count ? found : nil
  }

  /// Members that the type does not have fit none.
  private static func structure(_ members: [JSONMember], _ fields: [Field]) -> Value? {
    var values = fields.map { _ in Value.null }
    for member in members {
      guard let index = fields.firstIndex(where: { $0.name.isExactly(member.name) }), let value = member.value.value(of: fields[index].type)
      else { return nil }
      values[index] = value
    }
    return .structure(fields, values)
  }

  /// How it stands in JSON.
  public var text: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let text): text
    case .string(let text): Self.quoted(text)
    case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
    case .object(let members): "{\(members.map { "\(Self.quoted($0.name)):\($0.value.text)" }.joined(separator: ","))}"
    }
  }

  private static func quoted(_ text: String) -> String {
    let output = MutableBuffer(capacity: text.utf8.count + 2)
    CellText.appendJSON(text: text, to: output)
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }
}

extension DataType {
  /// The type that has the values of both; text if nothing narrower does.
  func holding(_ other: DataType) -> DataType {
    switch (self, other) {
    case (.list(let a), .list(let b)): return .list(a.holding(b))
    case (.structure(let a), .structure(let b)):
      var fields = a
      for field in b {
        if let index = fields.firstIndex(where: { $0.name.isExactly(field.name) }) {
          fields[index].type = fields[index].type.holding(field.type)
        } else {
          fields.append(field)
        }
      }
      return .structure(fields)
    default: return unified(with: other) ?? .string
    }
  }

  /// The same where what holds no values at all is text.
  var settled: DataType {
    switch self {
    case .null: .string
    case .list(let element): .list(element.settled)
    case .structure(let fields): .structure(fields.map { Field($0.name, $0.type.settled) })
    default: self
    }
  }
}
