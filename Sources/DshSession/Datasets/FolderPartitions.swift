// What the names of folders say of the rows in their files: `year=2024/month=01/x.csv`, as Hive writes partitions.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan

/// A column that a folder's name tells, and its value as text.
struct FolderPartition: Hashable, Sendable {
  @ExactText var column: String
  private let exactText: ExactText?

  /// Nil for null.
  var text: String? { exactText?.wrappedValue }

  /// What stands for null in the name of a folder.
  private static let nullText = "__HIVE_DEFAULT_PARTITION__"

  init(column: String, text: String?) {
    self.column = column
    exactText = text.map { ExactText($0) }
  }

  /// What the name of a folder tells; nil if it has not the form `COLUMN=VALUE`.
  init?(folder: String) {
    guard let equals = folder.utf8.firstIndex(of: UInt8(ascii: "=")), equals != folder.startIndex else { return nil }
    let value = String(folder[folder.utf8.index(after: equals)...])
    self.init(column: Self.decoded(String(folder[..<equals])), text: value == Self.nullText ? nil : Self.decoded(value))
  }

  /// What the folders below a root tell of a file, the outermost first. Of two that tell the same column the inner one counts.
  static func all(of path: String, below root: String) -> [FolderPartition] {
    let root = root.hasSuffix("/") ? root : root + "/"
    guard path.hasPrefix(root) else { return [] }
    var found: [FolderPartition] = []
    for folder in path.dropFirst(root.count).split(separator: "/").dropLast() {
      guard let partition = FolderPartition(folder: String(folder)) else { continue }
      found.removeAll { $0.column.isExactly(partition.column) }
      found.append(partition)
    }
    return found
  }

  /// The name of the folder.
  var folderName: String { Self.encoded(column) + "=" + (text.map(Self.encoded) ?? Self.nullText) }

  // MARK: Names

  /// Bytes that Hive writes as `%` and two digits: control characters, and what means something in paths and patterns.
  private static func isEncoded(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F || "\"#%'*/:=?\\{[]^".utf8.contains(byte) }

  private static func encoded(_ text: String) -> String {
    var name: [UInt8] = []
    for (index, byte) in text.utf8.enumerated() {
      // A name that begins with a dot is hidden.
      guard isEncoded(byte) || (index == 0 && byte == UInt8(ascii: ".")) else {
        name.append(byte)
        continue
      }
      name += Array("%".utf8) + (byte < 16 ? Array("0".utf8) : []) + Array(String(byte, radix: 16, uppercase: true).utf8)
    }
    return String(decoding: name, as: UTF8.self)
  }

  private static func decoded(_ name: String) -> String {
    let bytes = Array(name.utf8)
    var text: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count,
        let byte = UInt8(String(decoding: bytes[position + 1...position + 2], as: UTF8.self), radix: 16)
      {
        text.append(byte)
        position += 3
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// The columns that folders tell, with types that hold all their values.
struct PartitionColumns {
  private(set) var fields: [Field] = []

  /// Whole numbers, dates, or else texts, unless a person gives types.
  init(of files: [[FolderPartition]], given: (String) -> DataType?) {
    var texts: [ExactText: [String]] = [:]
    for partition in files.joined() {
      let name = ExactText(partition.column)
      if texts[name] == nil { fields.append(Field(partition.column, .string)) }
      texts[name, default: []] += partition.text.map { [$0] } ?? []
    }
    for index in fields.indices {
      let found = texts[ExactText(fields[index].name)] ?? []
      let fitting = [DataType.int64, .date].first { type in found.allSatisfy { Self.value($0, type) != nil } }
      fields[index].type = given(fields[index].name) ?? (found.isEmpty ? nil : fitting) ?? .string
    }
  }

  /// The values of one file.
  ///
  /// - Throws: `cell-type` if a value is not of the type that was given for its column.
  func values(_ partitions: [FolderPartition], path: String) throws(Diagnostic) -> [PartitionValue] {
    var values: [PartitionValue] = []
    for partition in partitions {
      guard let field = fields.first(where: { $0.name.isExactly(partition.column) }) else { continue }
      guard let text = partition.text else {
        values.append(PartitionValue(column: field.name, value: .null))
        continue
      }
      guard let value = Self.value(text, field.type) else {
        throw Diagnostic(.cellType, "the folder says that \(field.name) is \"\(text)\", which is not \(field.type.name): \(path)")
      }
      values.append(PartitionValue(column: field.name, value: value))
    }
    return values
  }

  private static func value(_ text: String, _ type: DataType) -> Value? {
    var text = text
    switch type {
    case .string: return .string(text)
    // What is found out is told by fewer texts than a cast takes.
    case .int64: return Int64(text).map { .int64($0) }
    case .date: return text.withUTF8 { Calendar.parseDate(UnsafeRawBufferPointer($0)) }.map { .date($0) }
    default:
      let value = try? FunctionRegistry().evaluateConstant(.cast(.literal(.string(text), .string), to: type, isTry: true))
      return value == .null ? nil : value
    }
  }
}
