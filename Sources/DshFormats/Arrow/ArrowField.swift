// Columns as Arrow's metadata names them (Schema.fbs of the Arrow columnar format), and as dsh does.
import DshColumns
import DshDiagnostics

/// Numbers of the types of Schema.fbs.
enum ArrowTypeCode {
  static let null: UInt8 = 1
  static let int: UInt8 = 2
  static let floatingPoint: UInt8 = 3
  static let binary: UInt8 = 4
  static let utf8: UInt8 = 5
  static let bool: UInt8 = 6
  static let decimal: UInt8 = 7
  static let date: UInt8 = 8
  static let time: UInt8 = 9
  static let timestamp: UInt8 = 10
  static let interval: UInt8 = 11
  static let list: UInt8 = 12
  static let structure: UInt8 = 13
  static let union: UInt8 = 14
  static let fixedSizeBinary: UInt8 = 15
  static let fixedSizeList: UInt8 = 16
  static let map: UInt8 = 17
  static let duration: UInt8 = 18
  static let largeBinary: UInt8 = 19
  static let largeUTF8: UInt8 = 20
  static let largeList: UInt8 = 21
  static let runEndEncoded: UInt8 = 22
  static let binaryView: UInt8 = 23
  static let utf8View: UInt8 = 24
}

/// A column of a stream or a file.
struct ArrowField: Hashable {
  @ExactText var name: String
  var layout: ArrowLayout

  init(_ name: String, _ layout: ArrowLayout) {
    _name = ExactText(wrappedValue: name)
    self.layout = layout
  }

  /// Types in one another; deeper ones are refused, so that the stack holds.
  private static let depthLimit = 32
  /// Columns of a schema and all that is inside of them: tables may lead to the same ones again and again.
  private static let partLimit = 1 << 20

  /// Reads a table `Field`.
  ///
  /// - Parameter parts: how many columns, and parts of columns, there were so far.
  init(_ table: FlatTable, depth: Int = 0, parts: inout Int) throws(ArrowMistake) {
    let name = try table.string(0) ?? ""
    self.name = name
    guard depth < Self.depthLimit else { throw ArrowMistake("its type is nested too deeply", column: name) }
    let tables = try table.tables(5)
    parts += tables.count + 1
    guard parts <= Self.partLimit else { throw ArrowMistake("its columns have more parts than \(Self.partLimit)", column: name) }
    var children: [ArrowField] = []
    for table in tables { children.append(try ArrowField(table, depth: depth + 1, parts: &parts)) }
    do throws(ArrowMistake) {
      let values = try Self.layout(try table.number(2, UInt8.self), try table.table(3), children)
      guard let dictionary = try table.table(4) else {
        layout = values
        return
      }
      layout = .dictionary(id: try dictionary.number(0, Int64.self), codes: try Self.codes(dictionary.table(1)), values: values)
    } catch { throw ArrowMistake(error.problem, column: error.column ?? name) }
  }

  /// The integers that name values of a dictionary: of 32 bits with a sign if nothing is said.
  private static func codes(_ type: FlatTable?) throws(ArrowMistake) -> FixedLayout {
    guard let type else { return .int32 }
    guard case .fixed(let codes) = try integers(type), let layout = codes.fixedLayout else { throw ArrowMistake("codes of a strange type") }
    return layout
  }

  private static func refusal(_ what: String) -> ArrowMistake { ArrowMistake("\(what) are not read") }

  private static func integers(_ type: FlatTable?) throws(ArrowMistake) -> ArrowLayout {
    let bits = try type?.number(0, Int32.self) ?? 0
    let isSigned = try type?.number(1, UInt8.self) ?? 0 != 0
    switch (bits, isSigned) {
    case (64, true): return .fixed(.int64)
    case (64, false): return .fixed(.uint64)
    default:
      guard let number = NarrowNumber(rawValue: "\(isSigned ? "int" : "uint")\(bits)") else { throw refusal("integers of \(bits) bits") }
      return .fixed(.narrow(number))
    }
  }

  private static func unit(_ type: FlatTable?, default usual: Int16) throws(ArrowMistake) -> TimeResolution {
    let code = try type?.number(0, Int16.self, default: usual) ?? usual
    guard let unit = TimeResolution(arrowCode: code) else { throw ArrowMistake("there is no unit of time \(code)") }
    return unit
  }

  private static func decimals(_ type: FlatTable?) throws(ArrowMistake) -> ArrowLayout {
    let precision = Int(try type?.number(0, Int32.self) ?? 0)
    let scale = Int(try type?.number(1, Int32.self) ?? 0)
    let bits = Int(try type?.number(2, Int32.self, default: 128) ?? 128)
    guard 1...DataType.largestPrecision ~= precision, 0...precision ~= scale, [32, 64, 128, 256].contains(bits) else {
      throw refusal("decimals of \(precision) digits, \(scale) of them behind the point,")
    }
    return bits == 128
      ? .fixed(.decimal(precision: precision, scale: scale)) : .decimal(bytes: bits / 8, precision: precision, scale: scale)
  }

  private static func layout(_ code: UInt8, _ type: FlatTable?, _ children: [ArrowField]) throws(ArrowMistake) -> ArrowLayout {
    switch code {
    case ArrowTypeCode.null: return .null
    case ArrowTypeCode.bool: return .bool
    case ArrowTypeCode.int: return try integers(type)
    case ArrowTypeCode.floatingPoint:
      switch try type?.number(0, Int16.self) ?? 0 {
      case 0: return .float16
      case 1: return .fixed(.narrow(.float32))
      case 2: return .fixed(.float64)
      default: throw refusal("floats of that precision")
      }
    case ArrowTypeCode.decimal: return try decimals(type)
    case ArrowTypeCode.utf8: return .text(offsetBytes: 4, isUTF8: true)
    case ArrowTypeCode.largeUTF8: return .text(offsetBytes: 8, isUTF8: true)
    case ArrowTypeCode.binary: return .text(offsetBytes: 4, isUTF8: false)
    case ArrowTypeCode.largeBinary: return .text(offsetBytes: 8, isUTF8: false)
    case ArrowTypeCode.utf8View: return .view(isUTF8: true)
    case ArrowTypeCode.binaryView: return .view(isUTF8: false)
    case ArrowTypeCode.fixedSizeBinary:
      let width = try type?.number(0, Int32.self) ?? 0
      guard width >= 0 else { throw ArrowMistake("values of \(width) bytes") }
      return .fixedBinary(bytes: Int(width))
    case ArrowTypeCode.date: return try type?.number(0, Int16.self, default: 1) == 0 ? .fixed(.date) : .date64
    case ArrowTypeCode.time:
      let unit = try unit(type, default: 1)
      return try type?.number(1, Int32.self, default: 32) ?? 32 == 32 ? .time32(unit) : .fixed(.time(unit))
    case ArrowTypeCode.timestamp:
      let zone = try type?.string(1) ?? ""
      return .fixed(.timestamp(try unit(type, default: 0), zone: zone.isEmpty ? nil : zone))
    case ArrowTypeCode.duration: return .fixed(.duration(try unit(type, default: 1)))
    case ArrowTypeCode.list where children.count == 1: return .list(offsetBytes: 4, children[0])
    case ArrowTypeCode.largeList where children.count == 1: return .list(offsetBytes: 8, children[0])
    case ArrowTypeCode.fixedSizeList where children.count == 1:
      let count = try type?.number(0, Int32.self) ?? 0
      guard count >= 0 else { throw ArrowMistake("lists of \(count) elements") }
      return .fixedList(count: Int(count), children[0])
    case ArrowTypeCode.map where children.count == 1 && children[0].layout.children.count == 2 && !children[0].layout.isList:
      return .map(children[0])
    case ArrowTypeCode.structure:
      guard Set(children.map { ExactText($0.name) }).count == children.count else {
        throw ArrowMistake("two of its fields have the same name")
      }
      return .structure(children)
    case ArrowTypeCode.interval: throw refusal("intervals of months and days")
    case ArrowTypeCode.union: throw refusal("unions")
    case ArrowTypeCode.runEndEncoded: throw refusal("run-end encoded values")
    default: throw refusal("values of Arrow's type \(code)")
    }
  }

  static func fields(_ tables: [FlatTable]) throws(ArrowMistake) -> [ArrowField] {
    var fields: [ArrowField] = []
    var parts = 0
    for table in tables { fields.append(try ArrowField(table, parts: &parts)) }
    return fields
  }
}

extension ArrowLayout {
  fileprivate var isList: Bool { if case .structure = self { false } else { true } }
}

extension TimeResolution {
  /// Its number among the units of Schema.fbs.
  var arrowCode: Int16 {
    switch self {
    case .seconds: 0
    case .milliseconds: 1
    case .microseconds: 2
    case .nanoseconds: 3
    }
  }

  init?(arrowCode: Int16) {
    guard let unit = Self.allCases.first(where: { $0.arrowCode == arrowCode }) else { return nil }
    self = unit
  }
}
