// A session for the tests of the runner: answers from a table.

import DshColumns
import DshDiagnostics
import DshGolden
import DshSession

final class ScriptedSession: GoldenSession {
  typealias Answer = (outputs: [Output], errors: [Diagnostic])
  private let answer: (String) -> Answer
  init(_ answer: @escaping (String) -> Answer) { self.answer = answer }

  func run(_ statement: SourceText, emit: (Output) -> Void) -> [StatementFailure] {
    let answer = answer(statement.text)
    answer.outputs.forEach(emit)
    return answer.errors.isEmpty ? [] : [StatementFailure(answer.errors, source: statement)]
  }

  let settings = Settings()

  func close() {}
}

/// Files in memory and everything a run printed.
final class GoldenBench {
  var files: [String: String]
  var printed: [String] = []
  var configurations: [GoldenConfiguration] = []
  var answer: (String, GoldenConfiguration) -> ScriptedSession.Answer = { text, _ in ([.lines([text])], []) }

  init(_ files: [String: String]) { self.files = files }

  func run(_ change: (inout GoldenCommand.Options) -> Void = { _ in }) throws -> Int32 {
    var options = GoldenCommand.Options()
    options.paths = ["t"]
    change(&options)
    let access = GoldenFiles(
      read: { path throws(Diagnostic) in
        guard let text = self.files[path] else { throw Diagnostic("file-not-found", .user, "no file \(path)") }
        return text
      },
      write: { path, text throws(Diagnostic) in self.files[path] = text },
      list: { path throws(Diagnostic) in self.files[path] == nil ? self.files.keys.filter { $0.hasPrefix(path + "/") }.sorted() : [path] })
    return try GoldenCommand(
      options: options, files: access,
      makeSession: { configuration throws(Diagnostic) in
        self.configurations.append(configuration)
        return ScriptedSession { self.answer($0, configuration) }
      },
      print: { self.printed.append($0) }
    ).run()
  }
}
