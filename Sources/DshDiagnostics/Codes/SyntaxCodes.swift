// Codes of texts that are no program: what the parser says.

extension DiagnosticCode {
  public static let unexpectedText = DiagnosticCode("unexpected-text", .syntax, "Something stands where it can't stand")
  public static let unknownVerb = DiagnosticCode("unknown-verb", .syntax, "No verb has that name")
  public static let unknownCommand = DiagnosticCode("unknown-command", .syntax, "No command has that name")
  public static let unknownOption = DiagnosticCode("unknown-option", .syntax, "The verb or command has no such option")
  public static let duplicateOption = DiagnosticCode("duplicate-option", .syntax, "An option is given twice")
  public static let missingOptionValue = DiagnosticCode("missing-option-value", .syntax, "An option stands there without its value")
  public static let invalidOptionValue = DiagnosticCode("invalid-option-value", .syntax, "An option can't have that value")
  public static let missingOperand = DiagnosticCode("missing-operand", .syntax, "Something that the verb needs is missing")
  public static let missingArgument = DiagnosticCode("missing-argument", .syntax, "Something that the command needs is missing")
  public static let invalidArgument = DiagnosticCode("invalid-argument", .syntax, "The command can't take that word")
  public static let missingVerb = DiagnosticCode("missing-verb", .syntax, "A pipe stands there without a stage")
  public static let missingPipe = DiagnosticCode("missing-pipe", .syntax, "Two stages stand there without a pipe between them")
  public static let missingComma = DiagnosticCode("missing-comma", .syntax, "Two items of a list stand there without a comma between them")
  public static let missingParentheses = DiagnosticCode(
    "missing-parentheses", .syntax, "A pipeline as operand stands there without parentheses")
  public static let missingName = DiagnosticCode("missing-name", .syntax, "Something is to be named, and the name is missing")
  public static let enclosedOperands = DiagnosticCode("enclosed-operands", .syntax, "Operands stand in parentheses, which verbs do without")
  public static let unclosedBracket = DiagnosticCode("unclosed-bracket", .syntax, "A bracket is opened and never closed")
  public static let unterminatedString = DiagnosticCode("unterminated-string", .syntax, "A quote is opened and never closed")
  public static let unterminatedName = DiagnosticCode("unterminated-name", .syntax, "A backtick is opened and never closed")
  public static let invalidCharacter = DiagnosticCode("invalid-character", .syntax, "A character that means nothing here")
  public static let invalidEscape = DiagnosticCode("invalid-escape", .syntax, "A backslash in a text stands before what is no escape")
  public static let invalidNumber = DiagnosticCode("invalid-number", .syntax, "A word begins like a number and is none")
  public static let invalidCount = DiagnosticCode("invalid-count", .syntax, "A count is no whole number, or outside of its limits")
  public static let invalidPath = DiagnosticCode("invalid-path", .syntax, "A path that has to stand in quotes")
  public static let expectedExpression = DiagnosticCode("expected-expression", .syntax, "Something else stands where an expression has to")
  public static let expectedColumn = DiagnosticCode("expected-column", .syntax, "Something else stands where the name of a column has to")
  public static let expectedDataset = DiagnosticCode("expected-dataset", .syntax, "Something else stands where a dataset has to")
  public static let expectedRow = DiagnosticCode("expected-row", .syntax, "Something else stands where a row in braces has to")
  public static let expectedText = DiagnosticCode("expected-text", .syntax, "Something else stands where a text in quotes has to")
  public static let expectedType = DiagnosticCode("expected-type", .syntax, "Something else stands where the name of a type has to")
  public static let bareDate = DiagnosticCode(
    "bare-date", .syntax, "A date stands there without quotes, as if it were a difference of numbers")
  public static let oddName = DiagnosticCode("odd-name", .syntax, "A name of several parts stands there without backticks")
  public static let reservedName = DiagnosticCode("reserved-name", .syntax, "A word of the language can't be a name")
  public static let duplicateName = DiagnosticCode("duplicate-name", .syntax, "A name is given twice in one list")
  public static let singleEquals = DiagnosticCode(
    "single-equals", .syntax, "A single = stands where two are meant: it names, and == compares")
  public static let chainedComparison = DiagnosticCode("chained-comparison", .syntax, "A comparison is compared with something")
  public static let foreignKeyword = DiagnosticCode("foreign-keyword", .syntax, "A keyword of another language")
  public static let foreignOperator = DiagnosticCode("foreign-operator", .syntax, "An operator of another language")
  public static let commentStyle = DiagnosticCode("comment-style", .syntax, "A comment of another language: comments start with #")
  public static let misplacedSource = DiagnosticCode("misplaced-source", .syntax, "A source stands behind other stages")
  public static let actionNotLast = DiagnosticCode("action-not-last", .syntax, "An action stands before other stages")
  public static let actionInOperand = DiagnosticCode(
    "action-in-operand", .syntax, "A pipeline that is an operand ends with an action, or has one in it")
  public static let namedAction = DiagnosticCode("named-action", .syntax, "A name is given to what an action shows, which is no dataset")
  public static let scalarWithoutLet = DiagnosticCode("scalar-without-let", .syntax, "A value is to be named like a dataset")
  public static let commandInPipeline = DiagnosticCode(
    "command-in-pipeline", .syntax, "A command stands where a stage has to, or is piped into one")
  public static let expressionTooDeep = DiagnosticCode("expression-too-deep", .syntax, "An expression has too many levels")
  public static let pipelineTooDeep = DiagnosticCode("pipeline-too-deep", .syntax, "Pipelines stand in one another too deeply")
  public static let tooManyErrors = DiagnosticCode("too-many-errors", .syntax, "There are so many mistakes that the rest was not read")

  static let syntaxCodes: [DiagnosticCode] = [
    .unexpectedText, .unknownVerb, .unknownCommand, .unknownOption, .duplicateOption, .missingOptionValue, .invalidOptionValue,
    .missingOperand, .missingArgument, .invalidArgument, .missingVerb, .missingPipe, .missingComma, .missingParentheses, .missingName,
    .enclosedOperands, .unclosedBracket, .unterminatedString, .unterminatedName, .invalidCharacter, .invalidEscape, .invalidNumber,
    .invalidCount, .invalidPath, .expectedExpression, .expectedColumn, .expectedDataset, .expectedRow, .expectedText, .expectedType,
    .bareDate, .oddName, .reservedName, .duplicateName, .singleEquals, .chainedComparison, .foreignKeyword, .foreignOperator,
    .commentStyle, .misplacedSource, .actionNotLast, .actionInOperand, .namedAction, .scalarWithoutLet, .commandInPipeline,
    .expressionTooDeep, .pipelineTooDeep, .tooManyErrors,
  ]
}
