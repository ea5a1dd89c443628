// Refusals of the kernel as errors a person can act on, and the one place where interrupted calls are repeated.
import CDshSystem
import DshDiagnostics
import Glibc

/// Describes a refused call: what was being done, to which path, the error's name, and what to do about it where that is known.
///
/// - Parameters:
///   - number: the `errno` of the failed call, read right after it.
///   - doing: what was tried, in words that follow "can't", such as `open the file`.
public func systemError(_ number: Int32, doing: String, path: String? = nil, limit: String? = nil) -> Diagnostic {
  let name = dsh_error_name(number).map { String(cString: $0) } ?? "errno \(number)"
  let meaning = String(cString: strerror(number))
  let (code, category, help) = explanation(of: number)
  var notes = ["\(name): \(meaning)"]
  if let limit { notes.append("limit: \(limit)") }
  notes += ProcessLimits.current.notes(on: number)
  if let help { notes.append(help) }
  return Diagnostic(code, category, path.map { "can't \(doing): \($0)" } ?? "can't \(doing)", notes: notes)
}

private func explanation(of number: Int32) -> (code: String, DiagnosticCategory, help: String?) {
  switch number {
  case ENOENT: ("file-not-found", .user, nil)
  case ENOTDIR: ("not-a-folder", .user, nil)
  case EISDIR: ("is-a-folder", .user, nil)
  case EEXIST: ("file-exists", .user, nil)
  case EACCES, EPERM: ("permission-denied", .environment, "check who owns it and its permissions")
  case EPIPE: ("broken-pipe", .environment, nil)
  case EROFS: ("permission-denied", .environment, "the file system is mounted read-only")
  case ENOSPC, EDQUOT: ("disk-full", .environment, "free some space, or write elsewhere")
  case EMFILE: ("too-many-open-files", .environment, "raise the limit, or use fewer --nodes")
  case ENFILE: ("too-many-open-files", .environment, "the whole system has reached its limit of open files")
  case EBADF: ("stream-closed", .environment, "it was closed by whoever started this program")
  case ENOMEM: ("out-of-memory", .environment, "free memory, or give --object-store-memory a smaller size")
  case EAGAIN: ("no-resources", .environment, "end other processes, raise the limit, or use fewer --nodes and --slots")
  case EFBIG: ("file-too-large", .environment, "raise the limit, or write smaller files: write --files=N")
  default: ("system-error", .environment, nil)
  }
}

extension ProcessLimits {
  /// The limits that a refusal may be due to.
  fileprivate func notes(on number: Int32) -> [String] {
    switch number {
    case EMFILE: openFiles.map { ["limit: \($0) open files for a process (ulimit -n)"] } ?? []
    case EAGAIN: processes.map { ["limit: \($0) processes and threads of this user (ulimit -u)"] } ?? []
    case EFBIG: fileBytes.map { ["limit: \(bytesText($0)) for a file (ulimit -f)"] } ?? ["limit: that of the file system"]
    case ENOMEM: memoryNotes
    default: []
    }
  }
}

/// Calls `body` until it is not interrupted by a signal; the result is the kernel's, or the error number of a refusal.
@inline(__always)
func retried<Result: SignedInteger>(_ body: () -> Result) -> (result: Result, error: Int32) {
  while true {
    let result = body()
    if result >= 0 { return (result, 0) }
    let number = errno
    if number != EINTR { return (result, number) }
  }
}

/// Like `retried`, with a refusal thrown.
@discardableResult
func checked<Result: SignedInteger>(_ doing: String, path: String? = nil, _ body: () -> Result) throws(Diagnostic) -> Result {
  let (result, error) = retried(body)
  if result < 0 { throw systemError(error, doing: doing, path: path) }
  return result
}
