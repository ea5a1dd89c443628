// Codes of commands, settings and what else a shell is asked.

extension DiagnosticCode {
  public static let unknownSetting = DiagnosticCode("unknown-setting", .user, "No setting has that name")
  public static let badSetting = DiagnosticCode("bad-setting", .user, "A setting can't have that value")
  public static let unknownTopic = DiagnosticCode("unknown-topic", .user, "Help knows nothing of that name")
  public static let nothingFound = DiagnosticCode("nothing-found", .user, "Help speaks of the word nowhere")
  public static let nothingToUndo = DiagnosticCode("nothing-to-undo", .user, "No dataset was current before")
  public static let nothingRan = DiagnosticCode("nothing-ran", .user, "No action has run yet")
  public static let noResult = DiagnosticCode("no-result", .user, "There is no result yet that could be shown again")
  public static let resultTooLarge = DiagnosticCode("result-too-large", .user, "The last result was too large to be remembered")
  public static let tooManyBytes = DiagnosticCode("too-many-bytes", .user, "More bytes would be brought to the shell than the limit allows")
  public static let notPersisted = DiagnosticCode("not-persisted", .user, "The dataset has no blocks of its own")
  public static let badRequest = DiagnosticCode(
    "bad-request", .user, "A program that speaks to `dsh serve` asks for something that there is not")
  public static let notKept = DiagnosticCode("not-kept", .user, "No dataset is kept under that name")
  public static let nameTooLong = DiagnosticCode("name-too-long", .user, "A name is longer than the name of a file may be")
  public static let datasetGone = DiagnosticCode("dataset-gone", .user, "A kept dataset was removed since it was named")
  public static let datasetDamaged = DiagnosticCode("dataset-damaged", .environment, "The file of a kept dataset is not what it has to be")
  public static let newerDataset = DiagnosticCode("newer-dataset", .environment, "A later version of dsh has kept the dataset")
  public static let notRefreshable = DiagnosticCode("not-refreshable", .user, "A kept dataset can't be made again from its inputs")
  public static let noDataFolder = DiagnosticCode("no-data-folder", .environment, "It is not known where datasets are to be kept")
  public static let sourceTooDeep = DiagnosticCode("source-too-deep", .user, "Files of statements call one another too deeply")
  public static let commandFailed = DiagnosticCode("command-failed", .user, "A command of the system ended with an error")
  public static let programFailed = DiagnosticCode("program-failed", .user, "A program that rows pass through ended with an error")
  public static let programAnswer = DiagnosticCode(
    "program-answer", .user, "What a program answered is not rows of the columns that it should have")
  public static let cancelled = DiagnosticCode("cancelled", .cancelled, "You stopped it with Ctrl-C")
  public static let usage = DiagnosticCode("usage", .syntax, "The command line of dsh makes no sense")

  static let sessionCodes: [DiagnosticCode] = [
    .unknownSetting, .badSetting, .unknownTopic, .nothingFound, .nothingToUndo, .nothingRan, .noResult, .resultTooLarge, .tooManyBytes,
    .notPersisted, .badRequest, .notKept, .nameTooLong, .datasetGone, .datasetDamaged, .newerDataset, .notRefreshable, .noDataFolder,
    .sourceTooDeep, .commandFailed, .programFailed, .programAnswer, .cancelled, .usage,
  ]
}
