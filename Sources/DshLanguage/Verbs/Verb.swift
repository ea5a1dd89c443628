// What a verb is: its signature, options and documentation. Help, completion, the reference and tests are made from it.

/// One verb of the language.
public struct Verb: Sendable {
  /// What a verb is told by, from the parser on; each verb declares its own where it is described.
  public struct ID: Sendable, Hashable {
    /// The name as typed.
    public let name: String

    public init(_ name: String) { self.name = name }
  }

  public enum Kind: Sendable, Hashable {
    /// Starts a pipeline: `read`.
    case source
    /// Lazy, makes a dataset of a dataset: `filter`.
    case transform
    /// Runs the plan and ends the pipeline: `take`.
    case action
    /// Runs the plan and gives the same dataset back: `persist`.
    case pin
  }

  public enum Availability: Sendable, Hashable {
    case now
    /// Known but not built yet; the text says what works meanwhile.
    case later(instead: String)
  }

  public struct Example: Sendable, Hashable {
    public var text: String
    /// One sentence without a final full stop.
    public var meaning: String
    /// Whether it names files that may not exist.
    public var needsFiles: Bool

    public init(_ text: String, _ meaning: String, needsFiles: Bool = false) {
      self.text = text
      self.meaning = meaning
      self.needsFiles = needsFiles
    }
  }

  public let id: ID
  public let kind: Kind
  public let signature: Signature
  public let options: [VerbOption]
  /// How it is typed, such as `sort KEY [desc], …`.
  public let usage: String
  /// One sentence without a final full stop.
  public let summary: String
  public let examples: [Example]
  public let related: [String]
  public let availability: Availability
  /// Whether an action makes rows that can be gone on with: it is a transform unless it ends a pipeline.
  public let givesRows: Bool
  /// What the parser says where it is used in a way that does not work.
  let advice: Advice

  init(
    _ id: ID, _ kind: Kind, _ signature: Signature, options: [VerbOption] = [], usage: String, summary: String,
    examples: [Example], related: [String] = [], availability: Availability = .now, givesRows: Bool = false,
    advice: Advice = Advice()
  ) {
    self.id = id
    self.kind = kind
    self.signature = signature
    self.options = options
    self.usage = usage
    self.summary = summary
    self.examples = examples
    self.related = related
    self.availability = availability
    self.givesRows = givesRows
    self.advice = advice
  }

  /// The name as typed.
  public var name: String { id.name }

  /// The option of that name (without dashes), if the verb has it.
  public func option(_ name: String) -> VerbOption? { options.first { $0.name == name } }

  public var isAvailable: Bool { availability == .now }
}

extension Verb: Hashable {
  public static func == (a: Verb, b: Verb) -> Bool { a.id == b.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// The shape of a verb's operands, which decides how the parser reads them and which case of `Operands` it makes.
public enum Signature: Sendable, Hashable {
  case none
  case expression
  case bindings
  case selection
  case columns(isOptional: Bool)
  case renames
  /// The name of one column that is made.
  case newColumn
  /// The name that a dataset gets, or none.
  case newDataset
  case count(isOptional: Bool)
  /// That many numbers, whole ones or any.
  case numbers(ClosedRange<Int>, isWhole: Bool)
  case paths(ClosedRange<Int>)
  case rows
  case aggregation
  /// Aggregates, a column whose values are named, and keys.
  case pivot
  /// Columns with values or alone, and keys.
  case fills
  /// A number, and keys.
  case keyedNumber
  /// Numbers, what they lie over, and keys.
  case plot
  case sortKeys
  case top
  case join
  case datasets(ClosedRange<Int>)
  /// A text in quotes; nothing where that option is given.
  case text(unless: String)
  /// A column, and a text about it.
  case columnAndText

  /// Whether other datasets are among the operands.
  public var takesDatasets: Bool {
    switch self {
    case .join, .datasets: true
    default: false
    }
  }

  /// What a message says is missing.
  var operandNoun: String {
    switch self {
    case .none: "nothing"
    case .newDataset: "a name"
    case .expression: "an expression"
    case .bindings, .newColumn: "a column to make"
    case .selection, .columns: "a column"
    case .renames: "a column to rename"
    case .count, .numbers, .keyedNumber, .plot: "a number"
    case .paths: "a path"
    case .rows: "a row"
    case .aggregation, .pivot: "an aggregate"
    case .fills, .columnAndText: "a column"
    case .sortKeys: "a key"
    case .top: "a number and a key"
    case .join, .datasets: "a dataset"
    case .text: "a command in quotes"
    }
  }
}

/// One option of a verb.
public struct VerbOption: Sendable, Hashable {
  public enum ValueType: Sendable, Hashable {
    /// `--name`, `--name=true` or `--name=false`.
    case flag
    case int(ClosedRange<Int64>)
    case float
    /// A number of bytes such as `16M`, from 1 to `Limits.bytes`.
    case size
    case text
    /// Texts between commas.
    case list
    case choice([String])
  }

  /// The name without dashes.
  public let name: String
  public let type: ValueType
  /// What stands for the value in help, such as `N`; empty for flags.
  public let placeholder: String
  /// One sentence without a final full stop.
  public let summary: String
  /// The letter that stands for a flag behind a single dash, as in `ls -l`; commands alone have such.
  public let letter: Character?

  init(_ name: String, _ type: ValueType, _ placeholder: String = "", _ summary: String, letter: Character? = nil) {
    self.name = name
    self.type = type
    self.placeholder = placeholder
    self.summary = summary
    self.letter = letter
  }

  /// The option of everything that prints a result.
  public static let outputFormat = VerbOption(
    "format", .choice(["table"] + FormatName.names(to: .print)), "", "How this result is printed, whatever dsh was told")

  /// The words that it takes, if it takes nothing else.
  public var choices: [String] {
    if case .choice(let choices) = type { return choices }
    return []
  }

  /// How it is typed, such as `--skip=N`.
  public var usage: String {
    if case .choice(let choices) = type { return "--\(name)=\(choices.joined(separator: "|"))" }
    if let letter { return "-\(letter), --\(name)" }
    return placeholder.isEmpty ? "--\(name)" : "--\(name)=\(placeholder)"
  }
}
