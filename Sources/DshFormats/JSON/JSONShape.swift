// What kinds of values stand at one place of many records, and the type that holds them all.
import CDshKernels
import DshColumns
import DshDiagnostics

/// The values met so far at one place: of a member in many objects, or of the elements of arrays.
struct JSONShape: Sendable {
  struct Kinds: OptionSet, Sendable {
    let rawValue: UInt16
    static let bool = Kinds(rawValue: 1)
    /// Whole numbers of 64 bits, those of them that a float64 would round, and longer ones.
    static let integer = Kinds(rawValue: 2)
    static let longInteger = Kinds(rawValue: 4)
    static let bigInteger = Kinds(rawValue: 8)
    /// Whole numbers of more digits than a decimal has.
    static let hugeInteger = Kinds(rawValue: 2048)
    /// Numbers with a fraction or an exponent, and those of them that are beyond float64.
    static let decimal = Kinds(rawValue: 16)
    static let bigDecimal = Kinds(rawValue: 32)
    /// Strings: dates, moments, any others.
    static let date = Kinds(rawValue: 64)
    static let timestamp = Kinds(rawValue: 128)
    static let text = Kinds(rawValue: 256)
    static let object = Kinds(rawValue: 512)
    static let array = Kinds(rawValue: 1024)

    static let numbers: Kinds = [.integer, .longInteger, .bigInteger, .hugeInteger, .decimal, .bigDecimal]
    static let texts: Kinds = [.date, .timestamp, .text]
  }

  struct Member: Sendable {
    @ExactText var name: String
    var shape: JSONShape
  }

  /// Nulls are of no kind.
  var kinds: Kinds = []
  /// In the order of their first appearance.
  var members: [Member] = []
  private var places: [ExactText: Int] = [:]
  /// None or one.
  var element: [JSONShape] = []
  /// Whether the values are kept as JSON text whatever they are, because a person or an earlier look has said so.
  var isJSONText = false
  /// Whether it is of no interest what is met.
  private(set) var isIgnored = false

  /// Objects with more different members are taken for maps, and kept as JSON text.
  static let memberLimit = 1000
  /// Types in one another, at most; what lies deeper is kept as JSON text.
  static let depthLimit = 32

  init() {}

  static var ignored: JSONShape {
    var shape = JSONShape()
    shape.isIgnored = true
    return shape
  }

  /// What values of a type that are read in a form may have been.
  init(_ type: DataType, _ form: JSONForm) {
    switch form.kind {
    case .json: isJSONText = true
    case .unknown: break
    case .plain, .any:
      switch type {
      case .bool: kinds = .bool
      case .int64: kinds = .integer
      case .float64: kinds = .decimal
      case .decimal(_, scale: 0): kinds = [.integer, .bigInteger]
      case .date: kinds = .date
      case .timestamp: kinds = .timestamp
      case .list(let type):
        kinds = .array
        element = [JSONShape(type, form.child(0))]
      case .structure(let fields):
        kinds = .object
        for (index, field) in fields.enumerated() { add(Member(name: field.name, shape: JSONShape(field.type, form.child(index)))) }
      default: kinds = .text
      }
    }
  }

  /// Whether it matters which texts there are.
  var examinesTexts: Bool { !isIgnored && !isJSONText }

  /// Whether it matters which members objects have.
  var examinesMembers: Bool { !isIgnored && !isJSONText && members.count <= Self.memberLimit }

  private mutating func add(_ member: Member) {
    places[ExactText(member.name)] = members.count
    members.append(member)
  }

  /// The place of a member, which may be new; nil if there are too many.
  mutating func index(ofMember name: String, expected: Int) -> Int? {
    if expected < members.count, members[expected].name.isExactly(name) { return expected }
    if let place = places[ExactText(name)] { return place }
    guard members.count <= Self.memberLimit else { return nil }
    add(Member(name: name, shape: JSONShape()))
    return members.count - 1
  }

  mutating func note(number: UnsafeBufferPointer<UInt8>, isWhole: Bool) {
    guard isWhole else {
      let isFinite = Double(String(decoding: number, as: UTF8.self))?.isFinite ?? false
      kinds.insert(isFinite ? .decimal : .bigDecimal)
      return
    }
    if number.count <= 15 {
      kinds.insert(.integer)
    } else if let value = Int64(String(decoding: number, as: UTF8.self)) {
      kinds.insert(.integer)
      if Int64(exactly: Double(value)) != value { kinds.insert(.longInteger) }
    } else {
      let digits = number.first == UInt8(ascii: "-") ? number.count - 1 : number.count
      kinds.insert(digits <= DataType.largestPrecision ? .bigInteger : .hugeInteger)
    }
  }

  mutating func note(text: UnsafeBufferPointer<UInt8>, hasEscapes: Bool) {
    if kinds.contains(.text) { return }
    kinds.insert(hasEscapes ? .text : Self.kind(ofText: text))
  }

  /// Longer texts are no moments.
  private static let momentLimitBytes = 40

  private static func kind(ofText text: UnsafeBufferPointer<UInt8>) -> Kinds {
    guard 10...momentLimitBytes ~= text.count, 0x30...0x39 ~= text[0], text[text.count - 1] != 0x20, let base = text.baseAddress else {
      return .text
    }
    // The parsers read behind the text.
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: momentLimitBytes + Int(DSH_CSV_PADDING)) { copy in
      copy.initialize(repeating: 0)
      guard let target = copy.baseAddress else { return .text }
      target.update(from: base, count: text.count)
      var days: Int32 = 0
      var moment: Int64 = 0
      var valid: UInt8 = 0
      var nulls: Int64 = 0
      return [UInt32.max, UInt32(text.count)].withUnsafeBufferPointer { entries in
        var cells = dsh_csv_cells()
        cells.bytes = UnsafePointer(target)
        cells.entries = entries.baseAddress
        cells.stride = 2
        cells.has_empty_texts = 1
        if dsh_csv_parse_date(&cells, 0, 1, &days, &valid, &nulls) == 1 { return .date }
        return dsh_csv_parse_timestamp(&cells, 0, 1, &moment, &valid, &nulls) == 1 ? .timestamp : .text
      }
    }
  }

  /// Adds what another look has met.
  mutating func merge(_ other: JSONShape) {
    kinds.formUnion(other.kinds)
    isJSONText = isJSONText || other.isJSONText
    for (expected, member) in other.members.enumerated() {
      if let place = index(ofMember: member.name, expected: expected) { members[place].shape.merge(member.shape) }
    }
    if let inner = other.element.first {
      if element.isEmpty { element = [inner] } else { element[0].merge(inner) }
    }
  }

  /// The type that holds all values, and how they are read as that.
  func settled(depth: Int = 0) -> (type: DataType, form: JSONForm) {
    if isJSONText { return (.string, JSONForm(.json)) }
    if kinds.isEmpty { return (.string, JSONForm(.unknown)) }
    if kinds == .bool { return (.bool, JSONForm()) }
    if kinds.isSubset(of: .numbers) {
      if kinds.isSubset(of: [.integer, .longInteger]) { return (.int64, JSONForm()) }
      if kinds.isSubset(of: [.integer, .decimal]) { return (.float64, JSONForm()) }
      if kinds.isSubset(of: [.integer, .longInteger, .bigInteger]) {
        return (.decimal(precision: DataType.largestPrecision, scale: 0), JSONForm())
      }
      return (.string, JSONForm(.json))
    }
    if kinds.isSubset(of: .texts) {
      return (kinds == .date ? .date : kinds.contains(.text) ? .string : .timestamp, JSONForm())
    }
    if kinds == .array, depth < Self.depthLimit {
      let inner = (element.first ?? JSONShape()).settled(depth: depth + 1)
      return (.list(inner.type), JSONForm(children: [inner.form]))
    }
    if kinds == .object, depth < Self.depthLimit, 1...Self.memberLimit ~= members.count {
      let inner = members.map { $0.shape.settled(depth: depth + 1) }
      return (.structure(zip(members, inner).map { Field($0.name, $1.type) }), JSONForm(children: inner.map(\.form)))
    }
    return (.string, JSONForm(.json))
  }

  /// Whether values of different kinds made it JSON text, or objects with too many members.
  var whyJSONText: String? {
    guard !isJSONText, settled().form.kind == .json else { return nil }
    if kinds.isSubset(of: .numbers) { return "numbers that no type holds exactly" }
    if kinds == .object { return members.isEmpty ? "empty objects" : "objects with more than \(Self.memberLimit) different names" }
    return "values of different kinds"
  }
}
