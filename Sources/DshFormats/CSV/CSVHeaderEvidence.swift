// Tells from a first record and what is below it whether the record names the columns.
import DshColumns

/// What is known of one file's first record; whether it is a header is settled for all files of a `read` together.
struct CSVHeaderEvidence {
  enum Verdict: Equatable {
    /// Types tell.
    case certain(Bool)
    /// Only custom tells: another file of the same `read` may know better.
    case likely(Bool)

    var isHeader: Bool {
      switch self {
      case .certain(let isHeader), .likely(let isHeader): isHeader
      }
    }
  }

  /// One column: its cell in the first record, and what some records below hold.
  struct Column {
    /// The text without quotes, nil for an empty cell.
    var name: String?
    var nameType = DataType.null
    var isNameQuoted = false
    /// The type of all cells below.
    var type = DataType.null
    /// The texts of the first records below, nil for null.
    var values: [String?] = []
    /// Whether a value of the sample is quoted in the file.
    var isQuoted: [Bool] = []

    /// The type the name counts as: a quoted number over numbers without quotes is a text.
    var effectiveNameType: DataType {
      guard isNameQuoted, nameType != .null else { return nameType }
      if type == .string { return .string }
      return zip(values, isQuoted).allSatisfy { $0 != nil && $1 } && !values.isEmpty ? nameType : .string
    }

    /// Whether a name and a value have to be quoted to be read as they are; that both are tells nothing then.
    private static func needsQuotes(_ name: String, _ type: DataType) -> Bool {
      type != .string || name.hasPrefix(" ") || name.hasSuffix(" ") || name.utf8.contains { Array(",;\t|^~\"'\n\r=\\".utf8).contains($0) }
    }

    /// Whether the name is quoted in the file, and could not have been written in another way.
    var needsItsQuotes: Bool { isNameQuoted && Self.needsQuotes(name ?? "", nameType) }

    /// Whether a name comes again as a value so often that it looks like one itself. A value in quotes that the name lacks is another text.
    var recurs: Bool {
      guard let name, !name.isEmpty, !needsItsQuotes else { return false }
      let again = zip(values, isQuoted).count { $0 == name && $1 == isNameQuoted }
      return again * 2 > values.count { $0 != nil }
    }
  }

  /// Texts that stand for a missing value in data of all kinds; over numbers they are no name.
  private static let missingWords: Set<String> = ["NA", "N/A", "n/a", "null", "NULL", "None", "-", "?", "."]

  var columns: [Column]

  var verdict: Verdict {
    var typedColumns = 0
    let hasNumberOverNumbers = columns.contains { Self.isNumber($0.effectiveNameType) && Self.isNumber($0.type) }
    for column in columns where column.type != .null && column.type != .string {
      guard let name = column.name else { continue }
      typedColumns += 1
      switch column.effectiveNameType {
      case .string where !(hasNumberOverNumbers && Self.missingWords.contains(name)): return .certain(true)
      // A date over numbers is a name; a number over numbers of another kind is data: 3.5 over whole numbers.
      case .date, .timestamp: if Self.isNumber(column.type) || column.type == .bool { return .certain(true) }
      case .int64: if Self.year(name) != nil, !Self.isNumber(column.type) { return .certain(true) }
      default: break
      }
    }
    if arePeriods || isCount { return .certain(true) }
    if typedColumns > 0 { return .certain(false) }
    let named = columns.filter { $0.name?.isEmpty == false }
    guard !named.isEmpty, named.count * 2 > columns.count else { return .likely(false) }
    guard columns.allSatisfy({ $0.name == nil || $0.effectiveNameType == .string }) else { return .likely(false) }
    return .likely(!columns.contains { $0.recurs })
  }

  private static func isNumber(_ type: DataType) -> Bool { type == .int64 || type == .float64 }

  /// A year of recent centuries, written as one.
  private static func year(_ text: String) -> Int? { text.utf8.count == 4 ? Int(text).flatMap { 1800...2199 ~= $0 ? $0 : nil } : nil }

  /// Whether names that are no texts are years or dates one after the other, over values that are none.
  private var arePeriods: Bool {
    let periods = columns.filter { $0.name != nil && $0.effectiveNameType != .string && $0.effectiveNameType != .null }
    guard !periods.isEmpty else { return false }
    let years = periods.compactMap { $0.effectiveNameType == .int64 ? Self.year($0.name ?? "") : nil }
    let dates = periods.filter { $0.effectiveNameType == .date }.compactMap(\.name)
    guard years.count == periods.count || dates.count == periods.count else { return false }
    let isOrdered =
      zip(years, years.dropFirst()).allSatisfy { $0 < $1 } && zip(dates, dates.dropFirst()).allSatisfy { $0 < $1 }
      || zip(years, years.dropFirst()).allSatisfy { $0 > $1 } && zip(dates, dates.dropFirst()).allSatisfy { $0 > $1 }
    guard isOrdered else { return false }
    let values = periods.flatMap { $0.values.compactMap { $0 } }
    let alike = values.count { years.isEmpty ? $0.utf8.count == 10 && $0.utf8.first.map { $0 < 58 } == true : Self.year($0) != nil }
    guard alike * 2 < values.count else { return false }
    if periods.count > 1 { return columns.allSatisfy { !$0.recurs } }
    // One alone convinces only over texts none of which looks like it.
    return periods[0].type == .string && alike == 0 && values.count > 1 && columns.allSatisfy { !$0.recurs }
  }

  /// Whether the names are an empty cell and then 0, 1, 2 and so on, as a table without names is written out.
  private var isCount: Bool {
    guard columns.count > 2, columns[0].name == nil, !columns[0].values.isEmpty, columns[0].values.allSatisfy({ $0 != nil }) else {
      return false
    }
    return columns.dropFirst().enumerated().allSatisfy { $1.name == String($0) }
  }
}

extension CSVHeaderEvidence {
  private var names: [String?] { columns.map { $0.name } }

  /// Whether the first record of each of several files is a header. A file that can't tell follows those that can.
  ///
  /// - Parameter givenNames: the names that a person gives to the columns: who has to do that has most likely no header, unless it says
  ///   the same, or types tell of one.
  static func settle(_ files: [CSVHeaderEvidence], givenNames: [String]? = nil) -> [Bool] {
    let verdicts = files.map { $0.verdict }
    if let givenNames { return zip(files, verdicts).map { $0.names == givenNames || $1 == .certain(true) } }
    guard files.count > 1 else { return verdicts.map { $0.isHeader } }
    var headers: Set<[String?]> = []
    for (file, verdict) in zip(files, verdicts) where verdict == .certain(true) { headers.insert(file.names) }
    var known: Set<String> = []
    for name in headers.joined() { if let name { known.insert(name) } }
    // What the columns of files without a header hold, by their number.
    var dataTypes: [Int: [DataType]] = [:]
    for (file, verdict) in zip(files, verdicts) where verdict == .certain(false) {
      let types = file.columns.map { $0.type.widened(with: $0.nameType) }
      dataTypes[types.count] = dataTypes[types.count].map { zip($0, types).map { $0.widened(with: $1) } } ?? types
    }
    let isShared = files.allSatisfy { $0.names == files[0].names }
    return zip(files, verdicts).map { file, verdict in
      if headers.contains(file.names) { return true }
      guard case .likely(let isHeader) = verdict else { return verdict.isHeader }
      let names = file.names.compactMap { $0 }
      let shared = names.count { known.contains($0) }
      if shared * 2 > names.count { return true }
      if let types = dataTypes[file.columns.count] {
        return zip(file.columns, types).contains { $0.effectiveNameType == .string && $1 != .string && $1 != .null }
      }
      // What every file begins with is no row.
      return isHeader || isShared && file.columns.allSatisfy { $0.name == nil || $0.effectiveNameType == .string }
    }
  }
}
