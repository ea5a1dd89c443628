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
  static let list: UInt8 = 12
  static let structure: UInt8 = 13
  static let map: UInt8 = 17
  static let duration: UInt8 = 18
  static let largeBinary: UInt8 = 19
  static let largeUTF8: UInt8 = 20
  static let largeList: UInt8 = 21
}

/// How the values of a column lie in a record batch.
indirect enum ArrowLayout: Hashable {
  case null
  case bool
  case integer(bytes: Int, isSigned: Bool)
  /// 4 or 8 bytes.
  case float(bytes: Int)
  /// Text or bytes behind offsets of 4 or 8 bytes.
  case text(offsetBytes: Int, isUTF8: Bool)
  /// Days, or milliseconds if they have 8 bytes.
  case date(bytes: Int)
  /// So many units a second.
  case timestamp(perSecond: Int64)
  case list(offsetBytes: Int, ArrowField)
  case structure([ArrowField])

  /// The type of dsh that has the values.
  var type: DataType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .integer: .int64
    case .float: .float64
    case .text(_, let isUTF8): isUTF8 ? .string : .binary
    case .date: .date
    case .timestamp: .timestamp
    case .list(_, let element): .list(element.layout.type)
    case .structure(let fields): .structure(fields.map { Field($0.name, $0.layout.type) })
    }
  }
}

/// A column of a stream.
struct ArrowField: Hashable {
  @ExactText var name: String
  var layout: ArrowLayout

  /// Types in one another; deeper ones are refused, so that the stack holds.
  private static let depthLimit = 32

  /// Reads a table `Field`.
  init(_ table: FlatTable, depth: Int = 0) throws(ArrowMistake) {
    let name = try table.string(0) ?? ""
    self.name = name
    guard depth < Self.depthLimit else { throw ArrowMistake("its type is nested too deeply", column: name) }
    guard try table.table(4) == nil else {
      throw ArrowMistake("it is encoded with a dictionary, which is not read yet", column: name)
    }
    let children = try Self.fields(table.tables(5), depth: depth + 1)
    let type = try table.table(3)
    func refusal(_ what: String) -> ArrowMistake { ArrowMistake("\(what) are not read yet", column: name) }
    switch try table.number(2, UInt8.self) {
    case ArrowTypeCode.null: layout = .null
    case ArrowTypeCode.bool: layout = .bool
    case ArrowTypeCode.int:
      let bits = try type?.number(0, Int32.self) ?? 0
      guard [8, 16, 32, 64].contains(bits) else { throw refusal("integers of \(bits) bits") }
      layout = .integer(bytes: Int(bits) / 8, isSigned: try type?.number(1, UInt8.self) ?? 0 != 0)
    case ArrowTypeCode.floatingPoint:
      let precision = try type?.number(0, Int16.self) ?? 0
      guard precision == 1 || precision == 2 else { throw refusal("floats of that precision") }
      layout = .float(bytes: precision == 1 ? 4 : 8)
    case ArrowTypeCode.utf8: layout = .text(offsetBytes: 4, isUTF8: true)
    case ArrowTypeCode.largeUTF8: layout = .text(offsetBytes: 8, isUTF8: true)
    case ArrowTypeCode.binary: layout = .text(offsetBytes: 4, isUTF8: false)
    case ArrowTypeCode.largeBinary: layout = .text(offsetBytes: 8, isUTF8: false)
    case ArrowTypeCode.date: layout = .date(bytes: try type?.number(0, Int16.self, default: 1) == 0 ? 4 : 8)
    case ArrowTypeCode.timestamp:
      let unit = Int(try type?.number(0, Int16.self) ?? 0)
      let zone = try type?.string(1) ?? ""
      guard 0...3 ~= unit else { throw refusal("timestamps of that unit") }
      guard zone.isEmpty || zone == "UTC" || zone == "+00:00" else { throw refusal("timestamps of the zone \(zone)") }
      layout = .timestamp(perSecond: [1, 1000, 1_000_000, 1_000_000_000][unit])
    case ArrowTypeCode.list where children.count == 1: layout = .list(offsetBytes: 4, children[0])
    case ArrowTypeCode.largeList where children.count == 1: layout = .list(offsetBytes: 8, children[0])
    case ArrowTypeCode.structure: layout = .structure(children)
    case let code: throw refusal("values of Arrow's type \(code)")
    }
  }

  static func fields(_ tables: [FlatTable], depth: Int = 0) throws(ArrowMistake) -> [ArrowField] {
    var fields: [ArrowField] = []
    for table in tables { fields.append(try ArrowField(table, depth: depth)) }
    return fields
  }

  /// A field of dsh as a table `Field`.
  static func table(_ name: String, _ type: DataType) -> FlatFields {
    var children: [FlatFields] = []
    let code: UInt8
    var details: FlatFields = [:]
    switch type {
    case .null: code = ArrowTypeCode.null
    case .bool: code = ArrowTypeCode.bool
    case .int64: (code, details) = (ArrowTypeCode.int, [0: .int32(64), 1: .uint8(1)])
    case .float64: (code, details) = (ArrowTypeCode.floatingPoint, [0: .int16(2)])
    case .string: code = ArrowTypeCode.utf8
    case .binary: code = ArrowTypeCode.binary
    case .date: (code, details) = (ArrowTypeCode.date, [0: .int16(0)])
    case .timestamp: (code, details) = (ArrowTypeCode.timestamp, [0: .int16(2)])
    case .narrow(.float32): (code, details) = (ArrowTypeCode.floatingPoint, [0: .int16(1)])
    case .narrow(let number):
      (code, details) = (
        ArrowTypeCode.int, [0: .int32(Int32(number.layout.byteCount * 8)), 1: .uint8(number.isUnsigned ? 0 : 1)]
      )
    case .uint64: (code, details) = (ArrowTypeCode.int, [0: .int32(64), 1: .uint8(0)])
    case .decimal(let precision, let scale):
      (code, details) = (ArrowTypeCode.decimal, [0: .int32(Int32(precision)), 1: .int32(Int32(scale)), 2: .int32(128)])
    case .time(let unit):
      (code, details) = (ArrowTypeCode.time, [0: .int16(unit.arrowCode), 1: .int32(unit < .microseconds ? 32 : 64)])
    case .duration(let unit): (code, details) = (ArrowTypeCode.duration, [0: .int16(unit.arrowCode)])
    case .instant(let unit, let zone):
      (code, details) = (ArrowTypeCode.timestamp, [0: .int16(unit.arrowCode)])
      if let zone { details[1] = .string(zone) }
    case .map: (code, children) = (ArrowTypeCode.map, [table("entries", type.entry ?? .null)])
    case .list(let element): (code, children) = (ArrowTypeCode.list, [table("item", element)])
    case .structure(let fields): (code, children) = (ArrowTypeCode.structure, fields.map { table($0.name, $0.type) })
    }
    return [0: .string(name), 1: .uint8(1), 2: .uint8(code), 3: .table(details), 5: .tables(children)]
  }
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
}
