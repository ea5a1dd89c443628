// What was typed behind `read`, and how its options are taken.

import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshSystem

/// What was typed behind `read`, read as values.
struct ReadRequest: Sendable {
  /// As it was typed.
  var stage: StageSyntax
  var paths: [PathSyntax]
  var workingDirectory: String
  var format: String?
  var options = ReadOptions()
  var decoding = InputDecoding()
  var withPath = false
  var withRow = false
  /// Whether files are given to the cluster, if its tasks may run where they are not seen.
  var ships = false
  var blockBytes: Int?
  var blocks: Int?
  /// The bytes of file that make a block, unless `--block-bytes` says otherwise.
  var usualBlockBytes = defaultBlockBytes
  /// Whether every file is looked at, however many there are: one of those that were not has turned out to be unlike the others.
  var looksAtAll = false

  /// The same where stores have room for it.
  static let defaultBlockBytes = 16 << 20
  /// So many files are enough for all nodes, without cutting small ones.
  static let manyFiles = 16
  /// Smaller blocks cost more to keep track of than to read.
  static let smallestBlockBytes = 1
}

extension ReadRequest {
  /// Reads options; throws all mistakes.
  init(_ stage: StageSyntax, paths: [PathSyntax], environment: Environment) throws(DiagnosticList) {
    var diagnostics: [Diagnostic] = []
    self.stage = stage
    self.paths = []
    workingDirectory = currentDirectory()
    for path in paths {
      if path.form == .parameter {
        do { self.paths.append(PathSyntax(try environment.path(in: path.text, span: path.span), form: .quoted, span: path.span)) } catch {
          diagnostics.append(error)
        }
      } else {
        self.paths.append(path)
      }
    }
    var mistakes = stage.options.compactMap { apply($0) }
    if decoding.widths != nil { mistakes += settleWidths(stage) }
    mistakes += FormatRegistry.mistakes(in: options.ofFormats)
    diagnostics += mistakes.sorted { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }
    if !diagnostics.isEmpty { throw DiagnosticList(diagnostics) }
  }

  /// What does not go together with widths; without a format, columns are those of CSV whatever the file is called.
  private mutating func settleWidths(_ stage: StageSyntax) -> [Diagnostic] {
    let others = stage.options.filter { ["delim", "quote", "escape"].contains($0.name.text) }
    let isOther = format.map { $0.lowercased() != "csv" } ?? false
    format = "csv"
    return (others + (isOther ? stage.options.filter { $0.name.text == "format" } : [])).map { option in
      Diagnostic(.invalidOptionValue, .user, "--\(option.name.text) means nothing beside --widths", span: option.span)
    }
  }

  private mutating func apply(_ option: OptionSyntax) -> Diagnostic? {
    guard let own = Self.ownOptions[option.name.text] else {
      options.ofFormats.append(FormatOption(option))
      return nil
    }
    do throws(Diagnostic) { try own(&self, option) } catch { return error }
    return nil
  }

  /// The options that mean the same for files of any format.
  static let ownOptions: [String: @Sendable (inout ReadRequest, OptionSyntax) throws(Diagnostic) -> Void] = [
    "format": { $0.format = $1.value?.text },
    "encoding": { request, option throws(Diagnostic) in try request.setEncoding(option) },
    "max-decompressed": { $0.decoding.maxDecompressedBytes = Int(clamping: $1.value?.sizeBytes ?? 0) },
    "widths": { request, option throws(Diagnostic) in try request.setWidths(option) },
    "types": { request, option throws(Diagnostic) in try request.setTypes(option) },
    "with-path": { $0.withPath = $1.bool ?? true },
    "with-row": { $0.withRow = $1.bool ?? true },
    "ship": { $0.ships = $1.bool ?? true },
    "block-bytes": { $0.blockBytes = max(smallestBlockBytes, Int(clamping: $1.value?.sizeBytes ?? 0)) },
    "blocks": { $0.blocks = max(1, Int(clamping: $1.value?.int ?? 1)) },
  ]

  private mutating func setEncoding(_ option: OptionSyntax) throws(Diagnostic) {
    let name = option.value?.text ?? ""
    guard let encoding = InputEncoding(name: name) else {
      throw Diagnostic(
        .invalidOptionValue, .user, "unknown encoding \"\(name)\"", span: option.span, suggestion: .words(InputEncoding.names))
    }
    decoding.encoding = encoding
    options.encoding = encoding.decoded
  }

  /// Cells of fixed widths are separated on their way in, and are CSV then in which nothing is quoted.
  private mutating func setWidths(_ option: OptionSyntax) throws(Diagnostic) {
    let widths = (option.value?.list ?? []).compactMap { Int($0) }
    guard !widths.isEmpty, widths.count == option.value?.list.count, widths.allSatisfy({ 1...Self.widthLimit ~= $0 }) else {
      throw Diagnostic(
        .invalidOptionValue, .user, "--widths takes the numbers of characters of the columns", span: option.span,
        suggestion: "such as --widths=10,5,8")
    }
    decoding.widths = widths
    for (name, value) in [("delim", FixedWidthDecoder.separator), ("quote", "none"), ("escape", "none")] {
      options.ofFormats.append(FormatOption(name: name, items: [value], span: option.span))
    }
  }

  /// Wider columns are mistakes.
  private static let widthLimit = 1 << 20

  /// The type of a column of strings that are JSON text.
  private static let jsonTypeName = "json"

  /// Types that text is read as, besides those that are parsed value by value.
  private static let readableTypes: Set<DataType> = [.bool, .int64, .float64, .string, .date, .timestamp]

  /// The items with those commas that stand within parentheses or brackets of a type.
  private static func whole(_ items: [String]) -> [String] {
    var whole: [String] = []
    var depth = 0
    for item in items {
      if depth > 0, let last = whole.popLast() { whole.append(last + "," + item) } else { whole.append(item) }
      for character in item.utf8 {
        switch character {
        case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
      }
      depth = max(0, depth)
    }
    return whole
  }

  /// The colon before the type: the last one that is not within it.
  private static func colon(_ item: String) -> String.Index? {
    let outer = item.firstIndex { $0 == "[" || $0 == "(" || $0 == "<" } ?? item.endIndex
    return item[..<outer].lastIndex(of: ":")
  }

  private mutating func setTypes(_ option: OptionSyntax) throws(Diagnostic) {
    var given: [ExactText: DataType] = [:]
    for item in Self.whole(option.value?.list ?? []) {
      guard let colon = Self.colon(item) else {
        if item == "string" {
          options.types = .allString
          continue
        }
        throw Diagnostic(.invalidOptionValue, .user, "--types takes column:type pairs, or string for all columns", span: option.span)
      }
      let typeName = String(item[item.index(after: colon)...])
      let column = ExactText(String(item[..<colon]))
      if typeName == Self.jsonTypeName {
        options.jsonColumns.insert(column)
        given[column] = .string
        continue
      }
      guard let type = DataType(name: typeName) else {
        throw Diagnostic(
          .unknownType, "no type \"\(typeName)\"", span: option.span,
          suggestion: nearestName(to: typeName, in: DataType.askableNames).map(didYouMean),
          notes: ["types: \((DataType.askableNames + [Self.jsonTypeName]).joined(separator: ", "))"])
      }
      guard type.isParsed || Self.readableTypes.contains(type) else {
        throw Diagnostic(
          .invalidOptionValue, .user, "no column of a file is read as \(type.name) because it is told so", span: option.span,
          suggestion: "read it as it is and cast it")
      }
      given[column] = type
    }
    if !given.isEmpty { options.types = .inferred(given) }
  }
}

extension FormatOption {
  init(_ option: OptionSyntax) {
    self.init(
      name: option.name.text, items: option.value?.list ?? [], isOn: option.bool ?? true, number: Int(clamping: option.value?.int ?? 0),
      span: option.span)
  }
}
