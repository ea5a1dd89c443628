// The names of types, as they are printed and typed.
import DshDiagnostics

extension DataType {
  /// The name that `schema` prints and that a cast understands.
  public var name: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .int64: "int64"
    case .float64: "float64"
    case .string: "string"
    case .date: "date"
    case .timestamp: "timestamp"
    case .binary: "binary"
    case .list(let element): "list<\(element.name)>"
    case .structure(let fields): "struct<\(fields.map { "\($0.name): \($0.type.name)" }.joined(separator: ", "))>"
    case .map(let key, let value): "map<\(key.name), \(value.name)>"
    case .narrow(let number): number.rawValue
    case .uint64: "uint64"
    case .decimal(let precision, let scale): "decimal(\(precision), \(scale))"
    case .time(let unit): Self.name("time", unit)
    case .duration(let unit): Self.name("duration", unit)
    case .instant(let unit, let zone): zone.map { "timestamp[\(unit.rawValue), \($0)]" } ?? "timestamp[\(unit.rawValue)]"
    }
  }

  /// The name with structures that would take much room told by how many fields they have: `list<struct<9 fields>>`.
  public var shortName: String {
    let whole = name
    if whole.utf8.count <= Self.shortNameLimit { return whole }
    switch self {
    case .structure(let fields): return "struct<\(fields.count) fields>"
    case .list(let element): return "list<\(element.shortName)>"
    case .map(let key, let value): return "map<\(key.shortName), \(value.shortName)>"
    default: return whole
    }
  }

  /// About as wide as a column of a table may be.
  private static let shortNameLimit = 36

  /// Microseconds are what is meant where nothing else is said.
  private static func name(_ word: String, _ unit: TimeResolution) -> String {
    unit == .microseconds ? word : "\(word)[\(unit.rawValue)]"
  }

  /// The type with a name as a person types it, or nil. Understands nested types and a few well-known synonyms.
  public init?(name: String) {
    var text = TypeText(name)
    guard let type = text.readType(depth: 0), text.isAtEnd else { return nil }
    self = type
  }
}

/// The name of a type that is read from left to right.
private struct TypeText {
  private var rest: Substring

  /// Deeper types nobody writes down.
  private static let depthLimit = 32

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

  private mutating func skip(_ character: Character) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  /// What stands before the first of some characters, without blanks around it.
  private mutating func read(until stops: Set<Character>) -> Substring {
    let word = rest.prefix { !stops.contains($0) }
    rest = rest[word.endIndex...]
    return word.drop { $0 == " " }.trimmedEnd
  }

  private mutating func readNumber() -> Int? { Int(read(until: [",", ")"])) }

  mutating func readType(depth: Int) -> DataType? {
    guard depth < Self.depthLimit else { return nil }
    let word = read(until: ["<", ">", "(", ")", "[", "]", ",", ":"]).lowercased()
    switch word {
    case "bool", "boolean": return .bool
    case "int64", "int", "integer", "bigint": return .int64
    case "float64", "float", "double": return .float64
    case "string", "text", "str", "varchar": return .string
    case "date": return .date
    case "binary", "blob", "bytes": return .binary
    case "uint64": return .uint64
    case "decimal", "numeric": return readDecimal()
    case "time": return readUnit().map { .time($0.unit) }
    case "duration": return readUnit().map { .duration($0.unit) }
    case "timestamp", "datetime": return readUnit().map { .timestamp($0.unit, zone: $0.zone) }
    case "list", "array":
      guard skip("<"), let element = readType(depth: depth + 1), skip(">") else { return nil }
      return .list(element)
    case "map":
      guard skip("<"), let key = readType(depth: depth + 1), skip(","), let value = readType(depth: depth + 1), skip(">") else {
        return nil
      }
      return .map(key, value)
    case "struct": return readFields(depth: depth)
    default: return NarrowNumber(rawValue: word).map { .narrow($0) }
    }
  }

  /// `(10, 2)`; without it as many digits as there can be in a number of 64 bits, three of them behind the point.
  private mutating func readDecimal() -> DataType? {
    guard skip("(") else { return .decimal(precision: 18, scale: 3) }
    guard let precision = readNumber(), 1...DataType.largestPrecision ~= precision else { return nil }
    let scale = skip(",") ? readNumber() : 0
    guard let scale, 0...precision ~= scale, skip(")") else { return nil }
    return .decimal(precision: precision, scale: scale)
  }

  /// `[ms]` or `[ms, Europe/Berlin]`; microseconds without it.
  private mutating func readUnit() -> (unit: TimeResolution, zone: String?)? {
    guard skip("[") else { return (.microseconds, nil) }
    guard let unit = TimeResolution(rawValue: String(read(until: [",", "]"])).lowercased()) else { return nil }
    let zone = skip(",") ? String(read(until: ["]"])) : nil
    return skip("]") && zone != "" ? (unit, zone) : nil
  }

  private mutating func readFields(depth: Int) -> DataType? {
    guard skip("<") else { return nil }
    var fields: [Field] = []
    repeat {
      let name = String(read(until: [":", ",", ">"]))
      guard !name.isEmpty, skip(":"), let type = readType(depth: depth + 1) else { return nil }
      fields.append(Field(name, type))
    } while skip(",")
    return skip(">") ? .structure(fields) : nil
  }
}

extension Substring {
  fileprivate var trimmedEnd: Substring {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
