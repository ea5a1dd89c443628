// The syntax of expressions: a tree of literals, columns, operators and calls, each node with its place.
import DshDiagnostics

/// An expression and the exact bytes it was typed as.
///
/// No tree is deeper than `Limits.expressionDepth`, so a recursive walk is safe.
public struct ExpressionSyntax: Sendable, Hashable {
  public indirect enum Kind: Sendable, Hashable {
    case literal(Literal)
    /// A bare or backtick name: a column, or a parameter inside `def`.
    case column(String)
    /// `$n`: a scalar made by `let` or `--set`.
    case parameter(String)
    case unary(UnaryOperator, ExpressionSyntax)
    case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
    /// `f(x, y)`; `if` and `case` are calls too.
    case call(Name, [ExpressionSyntax])
    /// `f(x) where condition`: an aggregate of the rows alone for which the condition is true.
    case restricted(ExpressionSyntax, where: ExpressionSyntax)
    /// `temp_*` inside a call: the expression around it stands for one for each of those columns.
    case columns(ColumnsSyntax)
    /// `x::type`; the name is the type's text without blanks, such as `list<int64>`.
    case cast(ExpressionSyntax, type: Name)
    /// `x.field`.
    case member(ExpressionSyntax, Name)
    /// `x[i]`.
    case index(ExpressionSyntax, ExpressionSyntax)
    /// `x in [a, b]` or `x not in [a, b]`.
    case inList(ExpressionSyntax, [ExpressionSyntax], isNegated: Bool)
    /// `x between low and high` (both included) or `x not between low and high`.
    case between(ExpressionSyntax, low: ExpressionSyntax, high: ExpressionSyntax, isNegated: Bool)
    /// `[a, b]`.
    case list([ExpressionSyntax])
    /// `f(x) over (…)`: a call that looks at other rows as well.
    case window(ExpressionSyntax, WindowSyntax)
    /// `{a: x, b: y}`: a structure.
    case structure([FieldSyntax])
    /// `x -> body` or `(a, x) -> body`: an argument of a call, a function of the elements of a list.
    case lambda([Name], ExpressionSyntax)
    /// A place where no expression could be read; its statement has errors.
    case error
  }

  public var kind: Kind
  public var span: SourceSpan

  public init(_ kind: Kind, span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

  /// The value if this is an integer literal, with or without a minus sign.
  public var integerLiteral: Int64? {
    switch kind {
    case .literal(.int64(let value)): value
    case .unary(.negate, let operand):
      if case .literal(.int64(let value)) = operand.kind, value != .min { -value } else { nil }
    default: nil
    }
  }
}

/// A field of a structure that is made: its name and what gives its value.
public struct FieldSyntax: Sendable, Hashable {
  public var name: Name
  public var value: ExpressionSyntax

  public init(_ name: Name, _ value: ExpressionSyntax) {
    self.name = name
    self.value = value
  }
}

/// A constant.
public enum Literal: Sendable, Hashable {
  case null
  case bool(Bool)
  case int64(Int64)
  case float64(Double)
  case string(String)
}

public enum UnaryOperator: String, Sendable, Hashable, CaseIterable {
  case negate = "-"
  case not = "not"
}

/// The binary operators; the raw value is how each is written.
public enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
  case or, and
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// Regular expression found anywhere in the text.
  case matches = "~"
  case notMatches = "!~"
  /// The left value unless it is null.
  case coalesce = "??"
  case add = "+"
  case subtract = "-"
  case concatenate = "++"
  case multiply = "*"
  case divide = "/"
  case integerDivide = "//"
  case remainder = "%"

  /// A few words on it, for completion.
  public var meaning: String {
    switch self {
    case .or: "one of both holds"
    case .and: "both hold"
    case .equal: "equal"
    case .notEqual: "not equal"
    case .less: "less"
    case .lessOrEqual: "less or equal"
    case .greater: "greater"
    case .greaterOrEqual: "greater or equal"
    case .matches: "the text matches a regular expression somewhere"
    case .notMatches: "the text matches it nowhere"
    case .coalesce: "the value behind it where the first is null"
    case .add: "sum"
    case .subtract: "difference"
    case .concatenate: "texts joined"
    case .multiply: "product"
    case .divide: "quotient, with a fraction"
    case .integerDivide: "quotient, rounded down"
    case .remainder: "remainder"
    }
  }

  /// How tightly it binds; a greater number binds tighter. `not` stands at 3, unary minus at 8.
  public var precedence: Int {
    switch self {
    case .or: 1
    case .and: 2
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .matches, .notMatches: 4
    case .coalesce: 5
    case .add, .subtract, .concatenate: 6
    case .multiply, .divide, .integerDivide, .remainder: 7
    }
  }

  /// Whether it compares; comparisons don't chain.
  public var isComparison: Bool { precedence == 4 }
}
