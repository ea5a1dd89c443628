// What may come next at a place in a text, as the parser finds it out.
import DshDiagnostics

/// What a person may be about to type.
public struct CompletionPosition: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Nothing that could be offered: inside a string, a comment, a number, a new name.
    case nothing
    /// The start of a statement: verbs, datasets, commands, `let`, `def`.
    case statement
    /// Behind a pipe: verbs, transforms first.
    case stage
    /// `--…`: one of these options, which were not given yet. The partial text includes the dashes.
    case optionName(of: [VerbOption])
    /// Behind `--name=`; the partial text is the item behind the last comma.
    case optionValue(of: VerbOption)
    case path
    /// An expression: columns where they can be seen, functions; for `agg` aggregates first.
    case expression(ExpressionPlace)
    /// A column of the data that flows into the stage.
    case column
    /// A column of another dataset: the right side of a join key.
    case columnOf(DatasetSyntax)
    case dataset
    /// A text compared with a column, from its quote on.
    case value
    /// A text that is an argument of a function, counted from 0, from its quote on.
    case text(function: String, argument: Int)
    /// Behind an operand: an operator.
    case operation
    /// One of these words, such as `desc` or `by`.
    case keyword([String])
    /// A type name, behind `::`.
    case type
    /// A field of that expression, behind a dot.
    case field(of: ExpressionSyntax)
    /// A scalar, behind `$`. The partial text includes the dollar sign.
    case parameter
    /// An argument of a command.
    case argument(Command.ArgumentKind)
    /// The value of that setting.
    case settingValue(name: String)
  }

  /// What an expression is part of.
  public enum ExpressionPlace: Sendable, Hashable {
    case stage(Verb.ID)
    /// What `let` names, or a value that stands alone.
    case scalar
    /// The body of a `def`.
    case definition
  }

  public var kind: Kind
  /// What has been typed of the word, as typed.
  public var partial: String
  /// The bytes that a completion replaces.
  public var range: SourceSpan
  /// The source and the complete stages before the place: what flows into the stage being typed. Nil outside pipelines.
  public var pipeline: PipelineSyntax?
  /// The complete bindings before the place in a `map` or `select`: later ones may use their names.
  public var bindings: [BindingSyntax]
  /// The column that what stands here is compared with, as in `city == `.
  public var comparedColumn: String?
  /// The statements before the one being typed.
  public var statements: [Statement]
}
