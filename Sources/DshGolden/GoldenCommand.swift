// `dsh test PATH…`: finds golden files, runs them, reports, and updates them when asked.

import DshDiagnostics
import DshSession

/// The golden-file runner.
public struct GoldenCommand {
  /// What the command line asked for.
  public struct Options: Sendable {
    public var paths: [String] = []
    public var updates = false
    public var allowsStatusChange = false
    public var matrix = ConfigurationMatrix()
    /// Whether `CI` is set: nothing may be written then.
    public var isContinuousIntegration = false

    public init() {}
  }

  /// The endings of files that count as golden when a folder is searched; `.md` files only if they hold a prompt.
  public static let endings = [".golden", ".md"]

  private let options: Options
  private let files: GoldenFiles
  private let makeSession: GoldenSessionMaker
  private let print: (String) -> Void
  /// Statements that had no room in small stores, and how many were run in such.
  private let refusals = Counts()

  private final class Counts {
    var refused = 0
    var run = 0
  }

  public init(options: Options, files: GoldenFiles, makeSession: @escaping GoldenSessionMaker, print: @escaping (String) -> Void) {
    self.options = options
    self.files = files
    self.makeSession = makeSession
    self.print = print
  }

  /// Runs everything; the exit code: 0 if all files passed, 1 if one failed, 2 if the request makes no sense.
  public func run() throws(Diagnostic) -> Int32 {
    if options.updates, options.isContinuousIntegration {
      throw Diagnostic(
        .updateInCI, "--update writes nothing while CI is set",
        notes: ["update where the change can be looked at, and commit it"])
    }
    var passed = 0
    var failed = 0
    for path in options.paths {
      let found = try files(of: path)
      for file in found {
        if runFile(file) { passed += 1 } else { failed += 1 }
      }
      if found.isEmpty {
        print(Diagnostic(.noGoldenFiles, "no golden files under \(path)").rendered(in: nil))
        failed += 1
      }
    }
    if refusals.run > 0 { print("small stores: \(counted(refusals.run, "statement")) run, \(refusals.refused) refused with store-full") }
    print("\(passed) passed, \(failed) failed")
    return failed == 0 ? 0 : 1
  }

  /// The golden files that a named path stands for.
  private func files(of path: String) throws(Diagnostic) -> [String] {
    let listed = try files.list(path)
    if listed == [path] { return listed }
    var found: [String] = []
    for file in listed {
      if file.hasSuffix(".golden") {
        found.append(file)
      } else if Self.endings.contains(where: { file.hasSuffix($0) }), Self.holdsPrompt(try files.read(file)) {
        found.append(file)
      }
    }
    return found
  }

  private static func holdsPrompt(_ bytes: [UInt8]) -> Bool {
    let prompt = Array(Transcript.prompt.utf8)
    // A byte-order mark may stand before the first.
    return bytes.split(separator: UInt8(ascii: "\n")).contains {
      $0.starts(with: prompt) || $0.starts(with: GoldenFileText.byteOrderMark + prompt)
    }
  }

  /// Runs one file in its own and all other configurations; whether it passed.
  private func runFile(_ path: String) -> Bool {
    do throws(Diagnostic) {
      let file = try GoldenFileText(try files.read(path))
      let source = SourceText(name: path, text: file.text)
      let transcript: Transcript
      do throws(Diagnostic) { transcript = try Transcript(parsing: source) } catch {
        print(error.rendered(in: source))
        return false
      }
      if transcript.blocks.allSatisfy({ $0.statement.allSatisfy(\.isWhitespace) }) {
        throw Diagnostic(.noStatements, "nothing to test: no line begins with `\(Transcript.prompt)`")
      }
      let results = try run(transcript, path: path)
      let differing = results.filter { !$0.passed }
      for result in differing { BlockDiff(result, path: path).lines().forEach(print) }
      if options.updates, !differing.isEmpty { return try update(transcript, results, path: path, as: file) }
      let isSame = try runMatrix(transcript, baseline: results, path: path)
      return differing.isEmpty && isSame
    } catch {
      print(error.rendered(in: nil))
      print("\(path): could not be run")
      return false
    }
  }

  private func run(_ transcript: Transcript, path: String, overriding: [String: String] = [:]) throws(Diagnostic) -> [BlockResult] {
    let settings = transcript.directives.session.merging(overriding) { $1 }
    let session = try makeSession(GoldenConfiguration(path: path, settings: settings))
    defer { session.close() }
    return transcript.run(in: session)
  }

  /// Runs the file in every combination of the matrix; rows and errors have to be those of the file's own configuration.
  private func runMatrix(_ transcript: Transcript, baseline: [BlockResult], path: String) throws(Diagnostic) -> Bool {
    guard transcript.directives.allowsMatrix else { return true }
    var isSame = true
    for combination in options.matrix.combinations {
      let results = try run(transcript, path: path, overriding: combination)
      let configuration = GoldenConfiguration(path: path, settings: combination)
      let ignoresTotals = configuration.hasChaos
      for (own, other) in zip(baseline, results) {
        if configuration.mayRefuse { refusals.run += 1 }
        if own.isComparable(to: other, ignoresTotals: ignoresTotals) { continue }
        if configuration.mayRefuse, other.isRefused {
          refusals.refused += 1
          continue
        }
        isSame = false
        let title = configuration.title
        var block = own.block
        block.expected = own.comparable(ignoresTotals: ignoresTotals).map(\.spelled)
        BlockDiff(BlockResult(block: block, actual: other.comparable(ignoresTotals: ignoresTotals)), path: "\(path) with \(title)").lines()
          .forEach(print)
      }
    }
    return isSame
  }

  /// Rewrites the blocks that differ, unless that would hide a change of status or what was printed doesn't hold a second time.
  private func update(_ transcript: Transcript, _ results: [BlockResult], path: String, as file: GoldenFileText) throws(Diagnostic) -> Bool
  {
    let changing = results.filter { !$0.passed && $0.changesStatus }
    if !changing.isEmpty, !options.allowsStatusChange {
      for result in changing {
        print("\(path):\(result.block.line): a success became an error or the reverse; --allow-status-change accepts that")
      }
      print("\(path): not updated")
      return false
    }
    let updated = transcript.text(expecting: results.map(\.updatedLines))
    let again = try Transcript(parsing: SourceText(name: path, text: updated))
    let unstable = try run(again, path: path).filter { !$0.passed }
    if !unstable.isEmpty {
      for result in unstable { BlockDiff(result, path: path).lines().forEach(print) }
      print("\(path): not updated, because a second run printed something else; mask it or use [..]")
      return false
    }
    try files.write(path, file.bytes(of: updated))
    let count = results.filter { !$0.passed }.count
    print("\(path): \(counted(count, "block")) updated")
    return true
  }
}
