// The outermost syntax: a script is a list of statements, and a name is a word with its place.
import DshDiagnostics

/// A word that names something, with the place it was typed at.
///
/// The text is the name itself: the backticks of an odd column name are not part of it. An empty text stands
/// where a name was expected and none was found; the statement has errors then.
public struct Name: Sendable, Hashable {
  public var text: String
  public var span: SourceSpan

  public init(_ text: String, span: SourceSpan) {
    self.text = text
    self.span = span
  }
}

/// Everything a text says, in order.
public struct Script: Sendable, Hashable {
  public var statements: [Statement]

  public init(statements: [Statement]) {
    self.statements = statements
  }
}

/// One statement and the exact bytes it was typed as.
public struct Statement: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// `nodes`, `set width 0`, `!ls`.
    case command(CommandSyntax)
    /// `let n = 60`, `let n = late | count`.
    case letBinding(name: Name, value: ScalarSyntax)
    /// `def hours(x) = x / 60`.
    case definition(name: Name, parameters: [Name], body: ExpressionSyntax)
    /// `late = read x.csv | filter delay > 60`; the name is nil where none was given.
    case pipeline(name: Name?, PipelineSyntax)
    /// `5 + 3`: a value to be shown.
    case expression(ExpressionSyntax)
  }

  public var kind: Kind
  /// From the first byte of the statement to its last, without the end (`;` or newline) and comments after it.
  public var span: SourceSpan
  /// Whether the parser found a mistake in it; such a statement must not run.
  public var hasErrors: Bool

  public init(_ kind: Kind, span: SourceSpan, hasErrors: Bool = false) {
    self.kind = kind
    self.span = span
    self.hasErrors = hasErrors
  }
}

/// What a scalar is made of.
public enum ScalarSyntax: Sendable, Hashable {
  /// A constant.
  case expression(ExpressionSyntax)
  /// The one value that a pipeline gives.
  case pipeline(PipelineSyntax)
}

/// A statement that talks to the shell or the cluster, not to a dataset.
public struct CommandSyntax: Sendable, Hashable {
  /// The command that was found.
  public var id: Command.ID
  /// Where its name stands; of `NAME ?` the question mark.
  public var span: SourceSpan
  /// The words after the name, options apart.
  public var arguments: [WordSyntax]
  /// `--name` and `--name=value`, wherever they stand after the name.
  public var options: [OptionSyntax]
  /// What stands after the name exactly as typed, without the blanks at both ends.
  public var rest: String

  public init(_ id: Command.ID, at span: SourceSpan, arguments: [WordSyntax], options: [OptionSyntax] = [], rest: String) {
    self.id = id
    self.span = span
    self.arguments = arguments
    self.options = options
    self.rest = rest
  }

  /// The option of that name (without dashes), or nil if it was not given.
  public func option(_ name: String) -> OptionSyntax? { options.first { $0.name.text == name } }

  /// How its result shall be printed, if it prints one and says so.
  public var outputFormat: String? {
    CommandRegistry.command(id)?.options.contains(.outputFormat) == true ? option(VerbOption.outputFormat.name)?.value?.text : nil
  }
}

/// A word of a command, bare or quoted.
public struct WordSyntax: Sendable, Hashable {
  /// The text without quotes, escapes replaced.
  public var text: String
  public var isQuoted: Bool
  public var span: SourceSpan

  public init(_ text: String, isQuoted: Bool = false, span: SourceSpan) {
    self.text = text
    self.isQuoted = isQuoted
    self.span = span
  }
}
