// Runs commands: statements that talk to the session or the cluster; the larger ones have files of their own.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshSystem

extension Session {
  func run(_ command: CommandSyntax, in source: SourceText, emit: (Output) -> Void) throws -> RunOutcome {
    let argument = command.arguments.first
    switch command.name.text {
    case "nodes": emit(.listing(try nodesListing()))
    case "nodes add": try addNodes(argument, emit: emit)
    case "nodes kill":
      guard let argument else { break }
      do { try backend.killNode(argument.text) } catch let diagnostic as Diagnostic { throw diagnostic.at(argument.span) }
    case "nodes drain":
      guard let argument else { break }
      do { emit(.lines([drainedText(argument.text, try backend.drainNode(argument.text, observer: observer))])) } catch let diagnostic
        as Diagnostic
      {
        throw diagnostic.at(argument.span)
      }
    case "blocks":
      if command.option("map")?.bool == true {
        emit(.blockMap(try blockMap(argument)))
      } else {
        emit(.listing(try blocksListing(argument)))
      }
    case "let": try showScalars(argument, emit: emit)
    case "def": try showDefinitions(argument, emit: emit)
    case "last": try last(command, emit: emit)
    case "diagram": try diagram(command, emit: emit)
    case "transfers": emit(.listing(try transfersListing(isLast: command.option("last")?.bool == true)))
    case "datasets": emit(.listing(datasetsListing()))
    case "set": try set(command, emit: emit)
    case "timing": try setTiming(argument)
    case "undo": try undo(command, emit: emit)
    case "help": emit(.lines(try helpLines(command)))
    case "source":
      guard let argument else { break }
      return try runFile(argument.text, span: argument.span, emit: emit)
    case "history": emit(.lines(try historyLines(command)))
    case "history save": try saveHistory(command, emit: emit)
    case "cd": try changeDirectory(argument)
    case "pwd": emit(.lines([try currentFolder()]))
    case "ls": try listFiles(command, emit: emit)
    case "!": try runSystemShell(command)
    case "quit", "exit": return .quit
    default: throw Diagnostic("unknown-command", .syntax, "no command \"\(command.name.text)\"", span: command.name.span)
    }
    for notice in backend.takeNotices() { emit(.notice(notice)) }
    return .finished
  }

  private func addNodes(_ argument: WordSyntax?, emit: (Output) -> Void) throws {
    let count = argument.map { Int($0.text) } ?? 1
    let limit = backend.largestNodeCount
    guard let count, 1...limit ~= count else {
      throw Diagnostic("bad-count", .user, "nodes add takes a whole number from 1 to \(limit)", span: argument?.span)
    }
    do { try backend.addNodes(count) } catch let diagnostic as Diagnostic { throw diagnostic.at(argument?.span) }
    emit(.lines(["\(counted(count, "node")) added"]))
  }

  /// `node2 drained: 4 blocks, 59 KiB moved to node1; node2 has ended`.
  private func drainedText(_ name: String, _ drained: (blocks: Int, work: RunWork)) -> String {
    "\(name) drained: \(counted(drained.blocks, "block")), \(movedText(drained.work)); \(name) has ended"
  }

  private func setTiming(_ argument: WordSyntax?) throws {
    switch argument?.text {
    case nil: settings.timing.toggle()
    case "on": settings.timing = true
    case "off": settings.timing = false
    default: throw Diagnostic("bad-setting", .user, "timing is on or off", span: argument?.span)
    }
  }

  /// Hands the backend its part of the settings.
  public func applySettings() {
    backend.settings.batchRows = settings.batchRows
    backend.settings.disabledRules = settings.disabledRules
  }

  private func undo(_ command: CommandSyntax, emit: (Output) -> Void) throws {
    guard let earlier = state.earlier.popLast() else {
      throw Diagnostic("nothing-to-undo", .user, "there is nothing to undo", span: command.name.span)
    }
    state.current = earlier
    guard options.announcesDatasets else { return }
    guard let earlier else {
      emit(.lines(["no current dataset"]))
      return
    }
    let dataset = state.datasets[earlier]
    let columns = try state.plan(of: earlier).schema.count
    emit(.dataset(number: dataset.number, name: dataset.name, sentence: "\(counted(columns, "column")), current again"))
  }

  private func changeDirectory(_ argument: WordSyntax?) throws {
    let typed = argument?.text ?? homeFolder() ?? "/"
    let folder = try access.resolve(absolutePath(typed, from: currentDirectory()), at: argument?.span)
    do { try changeFolder(folder) } catch {
      throw Diagnostic(error.code, error.category, "can't change to the folder: \(typed)", span: argument?.span, notes: error.notes)
    }
  }

  private func runSystemShell(_ command: CommandSyntax) throws {
    if options.safeRoots != nil { throw Diagnostic("unsafe", .user, "safe mode runs no commands", span: command.name.span) }
    flushOutput?()
    let status = try runShellCommand(command.rest)
    if status != 0 {
      throw Diagnostic("command-failed", .user, "the command ended with status \(status)", span: command.name.span)
    }
  }
}

/// The working directory, `/` if it is gone.
func currentDirectory() -> String { (try? currentFolder()) ?? "/" }

/// A path as seen from a folder, with `~` for the home folder.
func absolutePath(_ path: String, from folder: String) -> String {
  if path.hasPrefix("/") { return path }
  if path == "~" || path.hasPrefix("~/"), let home = homeFolder() { return home + path.dropFirst() }
  var parts = folder.split(separator: "/").map(String.init)
  for part in path.split(separator: "/", omittingEmptySubsequences: true) {
    switch part {
    case ".": break
    case "..": parts = Array(parts.dropLast())
    default: parts.append(String(part))
    }
  }
  return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") ? "/" : "")
}
