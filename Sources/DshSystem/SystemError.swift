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
  let name = unsafe dsh_error_name(number).map { unsafe String(cString: $0) } ?? "errno \(number)"
  let meaning = unsafe String(cString: strerror(number))
  let (code, help) = explanation(of: number)
  var notes = ["\(name): \(meaning)"]
  if let limit { notes.append("limit: \(limit)") }
  notes += ProcessLimits.current.notes(on: number)
  if let help { notes.append(help) }
  return Diagnostic(code, path.map { "can't \(doing): \($0)" } ?? "can't \(doing)", notes: notes)
}

private func explanation(of number: Int32) -> (code: DiagnosticCode, help: String?) {
  switch number {
  case ENOENT: (.fileNotFound, nil)
  case ENOTDIR: (.notAFolder, nil)
  case EISDIR: (.isAFolder, nil)
  case EEXIST: (.fileExists, nil)
  case EACCES, EPERM: (.permissionDenied, "check who owns it and its permissions")
  case EPIPE: (.brokenPipe, nil)
  case EROFS: (.permissionDenied, "the file system is mounted read-only")
  case ENOSPC, EDQUOT: (.diskFull, "free some space, or write elsewhere")
  case EMFILE: (.tooManyOpenFiles, "raise the limit, or use fewer --nodes")
  case ENFILE: (.tooManyOpenFiles, "the whole system has reached its limit of open files")
  case EBADF: (.streamClosed, "it was closed by whoever started this program")
  case ENOMEM: (.outOfMemory, "free memory, or give --object-store-memory a smaller size")
  case EAGAIN: (.noResources, "end other processes, raise the limit, or use fewer --nodes and --slots")
  case EFBIG: (.fileTooLarge, "raise the limit, or write smaller files: write --files=N")
  default: (.systemError, nil)
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
