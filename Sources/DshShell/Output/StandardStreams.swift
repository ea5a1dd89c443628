// Standard output and standard error as buffered streams.

import DshDiagnostics
import DshSystem

extension TextStream {
  /// A stream that writes to a descriptor of this process (1 output, 2 error output).
  public convenience init(descriptor: Int32) {
    self.init { bytes in
      do throws(Diagnostic) {
        try writeAll(bytes, to: descriptor)
        return nil
      } catch {
        return error.code == .brokenPipe ? .readerGone : .refused(error)
      }
    }
  }
}
