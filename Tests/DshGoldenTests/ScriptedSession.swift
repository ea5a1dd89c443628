// A session for the tests of the runner: answers from a table.

import DshColumns
import DshDiagnostics
import DshGolden
import DshSession
import DshRender

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
  var contents: [String: [UInt8]]
  /// The same as text.
  var files: [String: String] {
    get { contents.mapValues { String(decoding: $0, as: UTF8.self) } }
    set { contents = newValue.mapValues { Array($0.utf8) } }
  }
  var printed: [String] = []
  var configurations: [GoldenConfiguration] = []
  var answer: (String, GoldenConfiguration) -> ScriptedSession.Answer = { text, _ in ([.lines([text])], []) }

  init(_ files: [String: String]) { contents = files.mapValues { Array($0.utf8) } }

  func run(_ change: (inout GoldenCommand.Options) -> Void = { _ in }) throws -> Int32 {
    var options = GoldenCommand.Options()
    options.paths = ["t"]
    change(&options)
    let access = GoldenFiles(
      read: { path throws(Diagnostic) in
        guard let bytes = self.contents[path] else { throw Diagnostic(.fileNotFound, "no file \(path)") }
        return bytes
      },
      write: { path, bytes throws(Diagnostic) in self.contents[path] = bytes },
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
