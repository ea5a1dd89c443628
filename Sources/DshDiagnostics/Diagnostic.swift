// The one error value of dsh: what went wrong, whose fault it is, where, and what to do.

/// Who can mend an error.
public enum DiagnosticCategory: Sendable, Hashable, CaseIterable {
  /// The text is not a program: exit code 2.
  case syntax
  /// A well-formed statement that can't be done as asked (unknown column, wrong type, missing file): exit code 1.
  case user
  /// The machine refused: a full disk, a denied permission, a full store: exit code 1.
  case environment
  /// The cluster could not start or was lost for good: exit code 3.
  case cluster
  /// A defect of dsh itself, found in time.
  case bug
  /// The person cancelled: exit code 130.
  case cancelled
}

extension DiagnosticCategory {
  /// The exit code of the program after an error of this kind.
  public var exitCode: Int32 {
    switch self {
    case .user, .environment, .bug: 1
    case .syntax: 2
    case .cluster: 3
    case .cancelled: 130
    }
  }

  /// One sentence for the reference.
  public var summary: String {
    switch self {
    case .syntax: "The text is not a program, or the command line makes no sense."
    case .user: "A statement can't be done as asked: an unknown column, a wrong type, a missing file."
    case .environment: "The machine refused: a full disk, a denied permission, a full store."
    case .cluster: "The cluster could not start, or was lost for good."
    case .bug: "A defect of dsh itself, found in time; please report it."
    case .cancelled: "You pressed Ctrl-C."
    }
  }
}

/// An error with a code that never changes, an optional place, and help.
///
/// The message is one line without a final full stop; values known only at run time stand at its end.
public struct Diagnostic: Error, Sendable, Hashable {
  public var code: DiagnosticCode
  public var category: DiagnosticCategory
  public var message: String
  /// Where in the source text; nil where no text is to blame.
  public var span: SourceSpan?
  /// The text of `span` where it is not the one being run: an expression may have been written statements ago.
  public var source: SourceText?
  /// What stands behind the caret, such as `did you mean "amount"?`.
  public var suggestion: Suggestion?
  /// Further lines, such as `columns: id, name`.
  public var notes: [String]
  /// The row that caused it, as a task knows it; the session turns it into a note.
  public var row: RowPlace?

  /// An error of the category that most errors with its code have.
  public init(_ code: DiagnosticCode, _ message: String, span: SourceSpan? = nil, suggestion: Suggestion? = nil, notes: [String] = []) {
    self.init(code, code.category, message, span: span, suggestion: suggestion, notes: notes)
  }

  /// An error that says whose turn it is.
  public init(
    _ code: DiagnosticCode, _ category: DiagnosticCategory, _ message: String, span: SourceSpan? = nil,
    suggestion: Suggestion? = nil, notes: [String] = []
  ) {
    self.code = code
    self.category = category
    self.message = message
    self.span = span
    self.suggestion = suggestion
    self.notes = notes
  }

  /// The same error at a place, unless it has one already.
  public func at(_ span: SourceSpan?) -> Diagnostic {
    var copy = self
    if copy.span == nil { copy.span = span }
    return copy
  }

  /// The same error at a place in a text of its own, unless it has a place already.
  public func at(_ place: SourcePlace?) -> Diagnostic {
    guard let place, span == nil else { return self }
    var copy = self
    copy.span = place.span
    copy.source = place.source
    return copy
  }
}

/// A row of a task: the number of the step it failed in, its number among the rows that entered the step there, and which of the
/// step's expressions and their parts failed, all counted through in the order in which they stand.
public struct RowPlace: Sendable, Hashable {
  public var step: Int
  public var row: Int
  public var part: Int

  /// The step of errors in the result of an aggregation: `row` is then the group, and `part` the number of the aggregate.
  public static let resultStep = -1

  public init(step: Int, row: Int, part: Int = 0) {
    self.step = step
    self.row = row
    self.part = part
  }
}

/// Several errors of one statement or script, in source order; never empty.
public struct DiagnosticList: Error, Sendable {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) {
    precondition(!diagnostics.isEmpty, "a list of errors holds at least one")
    self.diagnostics = diagnostics
  }
}
