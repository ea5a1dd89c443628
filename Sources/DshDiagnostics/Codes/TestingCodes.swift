// Codes of transcripts, which `dsh test` compares with what happens.

extension DiagnosticCode {
  public static let badDirective = DiagnosticCode("bad-directive", .syntax, "A directive of a transcript can't be understood")
  public static let lateDirective = DiagnosticCode(
    "late-directive", .syntax, "A directive stands below the first statement of a transcript")
  public static let badMatrix = DiagnosticCode("bad-matrix", .syntax, "The option --matrix can't be understood")
  public static let badPrompt = DiagnosticCode("bad-prompt", .syntax, "A prompt of a transcript is not written like one")
  public static let mixedLineEnds = DiagnosticCode("mixed-line-ends", .syntax, "The lines of a transcript end in different ways")
  public static let updateInCI = DiagnosticCode("update-in-ci", .syntax, "Expected output is not rewritten while CI is set")
  public static let noStatements = DiagnosticCode("no-statements", .user, "A transcript has no statement")
  public static let noGoldenFiles = DiagnosticCode("no-golden-files", .user, "There is nothing to test at that path")

  static let testingCodes: [DiagnosticCode] = [
    .badDirective, .lateDirective, .badMatrix, .badPrompt, .mixedLineEnds, .updateInCI, .noStatements, .noGoldenFiles,
  ]
}
