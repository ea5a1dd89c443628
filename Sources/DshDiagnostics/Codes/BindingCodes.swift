// Codes of statements that make no sense over the data at hand: names, types and what goes together.

extension DiagnosticCode {
  public static let unknownColumn = DiagnosticCode("unknown-column", .user, "No column of that name is there")
  public static let unknownField = DiagnosticCode("unknown-field", .user, "The structure has no such field")
  public static let unknownFunction = DiagnosticCode("unknown-function", .user, "No function or definition has that name")
  public static let unknownParameter = DiagnosticCode(
    "unknown-parameter", .user, "No scalar of that name is there, or it can't be used here")
  public static let unknownType = DiagnosticCode("unknown-type", .user, "No type has that name")
  public static let unknownDataset = DiagnosticCode("unknown-dataset", .user, "No dataset has that name")
  public static let noDataset = DiagnosticCode("no-dataset", .user, "A statement works on the current dataset, and there is none yet")
  public static let wrongType = DiagnosticCode("wrong-type", .user, "A value has a type that can't be used here")
  public static let wrongCount = DiagnosticCode(
    "wrong-count", .user, "A function, an aggregate or a source is given too few or too many operands")
  public static let duplicateColumn = DiagnosticCode("duplicate-column", .user, "Two columns would have the same name")
  public static let constantForColumn = DiagnosticCode(
    "constant-for-column", .user, "A constant stands where the column of that name is meant")
  public static let misplacedWindow = DiagnosticCode(
    "misplaced-window", .user, "A function over a window stands where none can be computed")
  public static let misplacedAggregate = DiagnosticCode(
    "misplaced-aggregate", .user, "An aggregate stands outside of agg, or inside another one")
  public static let misplacedLambda = DiagnosticCode("misplaced-lambda", .user, "A lambda stands where nothing takes one")
  public static let missingAggregate = DiagnosticCode("missing-aggregate", .user, "An item of agg has many values for a group")
  public static let badConstant = DiagnosticCode("bad-constant", .user, "A constant can't be computed")
  public static let badStep = DiagnosticCode("bad-step", .user, "A range can't have that step")
  public static let nameTaken = DiagnosticCode("name-taken", .user, "The name belongs to something else already")
  public static let definitionTooDeep = DiagnosticCode("definition-too-deep", .user, "Definitions expand too far into one another")
  public static let tooManyStages = DiagnosticCode("too-many-stages", .user, "A dataset would be made in too many steps")
  public static let noValue = DiagnosticCode("no-value", .user, "A pipeline gives no value that a scalar could have")
  public static let letOfDataset = DiagnosticCode(
    "let-of-dataset", .user, "A pipeline gives more than the one value that a scalar can have")
  public static let pendingScalar = DiagnosticCode(
    "pending-scalar", .user, "The value of a scalar is not known before a statement above has run")
  public static let pendingColumns = DiagnosticCode(
    "pending-columns", .user, "What columns a dataset has depends on values that are found when it runs")
  public static let noSchema = DiagnosticCode("no-schema", .user, "It is not known which columns a program answers")
  public static let pendingAnswer = DiagnosticCode(
    "pending-answer", .user, "The columns that a program answers are not known before a statement above has run")
  public static let notAvailable = DiagnosticCode("not-available", .user, "The language knows it, and it is not built yet")

  static let bindingCodes: [DiagnosticCode] = [
    .unknownColumn, .unknownField, .unknownFunction, .unknownParameter, .unknownType, .unknownDataset, .noDataset, .wrongType,
    .wrongCount, .duplicateColumn, .constantForColumn, .misplacedAggregate, .misplacedWindow, .misplacedLambda, .missingAggregate,
    .badConstant, .badStep, .nameTaken, .definitionTooDeep, .tooManyStages, .noValue, .letOfDataset, .pendingScalar, .pendingColumns,
    .noSchema, .pendingAnswer, .notAvailable,
  ]
}
