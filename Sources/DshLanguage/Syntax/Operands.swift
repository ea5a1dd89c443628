// The syntax of what stands behind a verb; the verb's signature in the registry decides which case it is.
import DshDiagnostics

/// The operands of a stage.
public enum Operands: Sendable, Hashable {
  /// No operands: `count`, `schema`.
  case none
  /// One expression: `filter`, `sum`, `unique`.
  case expression(ExpressionSyntax)
  /// New columns: `map`, `flat_map`.
  case bindings([BindingSyntax])
  /// Exactly these columns: `select`.
  case selection([SelectionItem])
  /// Columns by name or pattern: `drop`, `distinct` (which may have none).
  case columns([ColumnPattern])
  /// `rename NEW = OLD, …`.
  case renames([RenameSyntax])
  /// The name of one column that is made: `with_row_number`.
  case newColumn(Name)
  /// The name that the dataset is kept under: `persist`; without one there are no operands.
  case newDataset(Name)
  /// `take`, `limit`, `show`: an integer literal or a parameter, nil where none was given.
  case count(ExpressionSyntax?)
  /// `range`, `sample`: up to three number literals or parameters.
  case numbers([ExpressionSyntax])
  /// `read`, `write`.
  case paths([PathSyntax])
  /// `rows {a: 1}, …`.
  case rows([RowSyntax])
  /// `agg A = f(x), … by KEY, …`; either list may be empty, not both. Of `fill` the columns, with or without values, and the keys.
  case aggregation([BindingSyntax], by: [BindingSyntax])
  /// `sort KEY desc, …`.
  case sortKeys([SortKeySyntax])
  /// `top N by KEY asc, … per KEY, …`; descending where nothing is said.
  case top(count: ExpressionSyntax, by: [SortKeySyntax], per: [BindingSyntax])
  /// `pivot AGG, … by COLUMN in [VALUE, …] per KEY, …`. Of `plot` the numbers, what they lie over, and keys.
  case pivot([BindingSyntax], by: ExpressionSyntax, per: [BindingSyntax])
  /// `join RIGHT on KEY, …`.
  case join(right: DatasetSyntax, on: [JoinKeySyntax])
  /// `union`, `zip`.
  case datasets([DatasetSyntax])
  /// One text: the command of `map_batches`.
  case text(WordSyntax)
  /// A column, and a text about it: the pattern of `parse`.
  case columnAndText(ColumnPattern, WordSyntax)

  /// The datasets among them.
  public var datasets: [DatasetSyntax] {
    switch self {
    case .datasets(let datasets): datasets
    case .join(let right, _): [right]
    default: []
    }
  }
}

/// `name = expression`, or an expression alone.
public struct BindingSyntax: Sendable, Hashable {
  public var name: Name?
  public var value: ExpressionSyntax

  public init(name: Name?, value: ExpressionSyntax) {
    self.name = name
    self.value = value
  }

  public var span: SourceSpan { name.map { $0.span.union(value.span) } ?? value.span }

  /// The name of the column it makes: the given one, the column's own, or the canonical text of the expression.
  public var outputName: String {
    if let name { return name.text }
    if case .column(let column) = value.kind { return column }
    return value.printed
  }
}

/// One item of `select`.
public enum SelectionItem: Sendable, Hashable {
  /// A column, or `name = expression`.
  case binding(BindingSyntax)
  /// `price_*`: every column whose name fits.
  case pattern(ColumnPattern)
  /// `*` or `* except a, b`: every column but those.
  case all(except: [ColumnPattern], span: SourceSpan)

  public var span: SourceSpan {
    switch self {
    case .binding(let binding): binding.span
    case .pattern(let pattern): pattern.span
    case .all(_, let span): span
    }
  }
}

/// A column name, or a pattern in which `*` stands for any run of characters.
public struct ColumnPattern: Sendable, Hashable {
  public var text: String
  /// Whether `*` in the text is a wildcard; false for a plain or backtick name.
  public var isWildcard: Bool
  public var span: SourceSpan

  public init(_ text: String, isWildcard: Bool, span: SourceSpan) {
    self.text = text
    self.isWildcard = isWildcard
    self.span = span
  }

  /// Whether a column of that name is meant.
  public func matches(_ column: String) -> Bool {
    isWildcard ? wildcardMatches(pattern: Array(text.utf8), text: Array(column.utf8)) : column.isExactly(text)
  }
}

/// Columns by a pattern inside an expression: `temp_*`, `*:number`, `* except (id, name)`.
public struct ColumnsSyntax: Sendable, Hashable {
  public var pattern: ColumnPattern
  /// Of those, the columns of a type alone, or of a kind of types.
  public var type: Name?
  /// All of those but these.
  public var exceptions: [ColumnPattern]

  public init(_ pattern: ColumnPattern, type: Name? = nil, exceptions: [ColumnPattern] = []) {
    self.pattern = pattern
    self.type = type
    self.exceptions = exceptions
  }

  /// The kinds of types that can be asked for besides the types themselves.
  public enum TypeKind: String, Sendable, CaseIterable {
    case number, text, time, list
    case structure = "struct"
  }
}

/// `new = old` of `rename`.
public struct RenameSyntax: Sendable, Hashable {
  public var new: Name
  public var old: Name

  public init(new: Name, old: Name) {
    self.new = new
    self.old = old
  }

  public var span: SourceSpan { new.span.union(old.span) }
}

/// A file, a folder or a glob; or a parameter that holds one.
public struct PathSyntax: Sendable, Hashable {
  public enum Form: Sendable, Hashable {
    case bare
    case quoted
    /// `$name`: the text is the parameter's name.
    case parameter
  }

  public var text: String
  public var form: Form
  public var span: SourceSpan

  public init(_ text: String, form: Form = .bare, span: SourceSpan) {
    self.text = text
    self.form = form
    self.span = span
  }
}

/// `{a: 1, b: "x"}`: one literal row. The values name no column.
public struct RowSyntax: Sendable, Hashable {
  public struct Field: Sendable, Hashable {
    public var name: Name
    public var value: ExpressionSyntax

    public init(name: Name, value: ExpressionSyntax) {
      self.name = name
      self.value = value
    }
  }

  public var fields: [Field]
  public var span: SourceSpan

  public init(fields: [Field], span: SourceSpan) {
    self.fields = fields
    self.span = span
  }
}

/// `expression [asc|desc]`.
public struct SortKeySyntax: Sendable, Hashable {
  public var expression: ExpressionSyntax
  public var isDescending: Bool
  public var span: SourceSpan

  public init(_ expression: ExpressionSyntax, isDescending: Bool, span: SourceSpan) {
    self.expression = expression
    self.isDescending = isDescending
    self.span = span
  }
}

/// `left == right` of `join … on`, or one expression for both sides.
public struct JoinKeySyntax: Sendable, Hashable {
  /// Over the columns of the dataset that flows in.
  public var left: ExpressionSyntax
  /// Over the columns of the other; nil if it is written like the left one.
  public var right: ExpressionSyntax?
  /// What stands between them: `==`, or the order of the last key of an `asof` join.
  public var comparison: BinaryOperator

  public init(left: ExpressionSyntax, right: ExpressionSyntax? = nil, comparison: BinaryOperator = .equal) {
    self.left = left
    self.right = right
    self.comparison = comparison
  }

  public var span: SourceSpan { right.map { left.span.union($0.span) } ?? left.span }
}

/// Whether the text fits the pattern, `*` standing for any run of bytes; greedy with one step back, so linear in practice.
private func wildcardMatches(pattern: [UInt8], text: [UInt8]) -> Bool {
  let star = UInt8(ascii: "*")
  var p = 0
  var t = 0
  var lastStar: Int?
  var resumeAt = 0
  while t < text.count {
    if p < pattern.count, pattern[p] == star {
      lastStar = p
      resumeAt = t
      p += 1
    } else if p < pattern.count, pattern[p] == text[t] {
      p += 1
      t += 1
    } else if let lastStar {
      resumeAt += 1
      p = lastStar + 1
      t = resumeAt
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == star }
}
