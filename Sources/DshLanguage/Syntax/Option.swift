// The syntax of an option: `--name` or `--name=value`, with typed readings of the value.
import DshDiagnostics

/// `--name=value` right after a verb.
public struct OptionSyntax: Sendable, Hashable {
  /// The name without its dashes.
  public var name: Name
  /// Nil for a bare flag, which means true.
  public var value: OptionValue?
  public var span: SourceSpan

  public init(name: Name, value: OptionValue?, span: SourceSpan) {
    self.name = name
    self.value = value
    self.span = span
  }

  /// True for a bare flag, the value of `--name=true|false`, nil for any other text.
  public var bool: Bool? {
    guard let value else { return true }
    return value.bool
  }
}

/// The value of an option, kept as text; the typed readings are nil where the text does not read so.
public struct OptionValue: Sendable, Hashable {
  /// The items between commas, without quotes, escapes inside quotes replaced; one item where no bare comma stands.
  public var list: [String]
  /// Whether any part of it was quoted.
  public var isQuoted: Bool
  public var span: SourceSpan

  public init(list: [String], isQuoted: Bool = false, span: SourceSpan) {
    self.list = list
    self.isQuoted = isQuoted
    self.span = span
  }

  /// The whole value as one text.
  public var text: String { list.joined(separator: ",") }

  /// `true` or `false`.
  public var bool: Bool? {
    switch text {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// A whole number such as `42` or `1_000`.
  public var int: Int64? {
    guard let literal = parseNumber(text), case .int64(let value) = literal else { return nil }
    return value
  }

  /// A number such as `0.5`, `1e6` or `42`.
  public var float: Double? {
    switch parseNumber(text) {
    case .int64(let value): Double(value)
    case .float64(let value): value
    default: nil
    }
  }

  /// A number of bytes such as `4096`, `64K`, `16M` or `2G` (powers of 1024).
  public var sizeBytes: Int64? { parseSize(text) }
}
