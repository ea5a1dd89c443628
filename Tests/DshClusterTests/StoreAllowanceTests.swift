import DshDiagnostics
import DshSystem
import Testing

@testable import DshCluster

struct StoreAllowanceTests {
  private func allowance(_ change: (inout ProcessLimits) -> Void = { _ in }) -> StoreAllowance {
    var limits = ProcessLimits()
    change(&limits)
    return StoreAllowance(memoryBytes: 8 << 30, swapBytes: 1 << 30, limits: limits, programBytes: 32 << 20, slots: 2)
  }

  private func refusal(_ allowance: StoreAllowance, _ storeBytes: Int, nodes: Int = 2) -> Diagnostic? {
    do throws(Diagnostic) {
      try allowance.check(storeBytes: storeBytes, nodes: nodes)
      return nil
    } catch { return error }
  }

  @Test func memoryAndSwapBoundAStore() {
    let free = allowance()
    #expect(refusal(free, 8 << 30) == nil)
    let error = refusal(free, 64 << 40)
    #expect(error?.code == .storeTooLarge && error?.category == .environment)
    #expect(error?.notes.first == "there is: 8.0 GiB of memory and 1.0 GiB of swap space")
  }

  @Test func everyProcessMapsAllStores() {
    let limited = allowance { $0.addressSpaceBytes = 1 << 30 }
    for nodes in [1, 2, 63] {
      let largest = limited.largestStoreBytes(nodes: nodes)
      #expect(refusal(limited, largest, nodes: nodes) == nil)
      let error = refusal(limited, largest + 4096, nodes: nodes)
      #expect(error?.code == .outOfMemory && error?.notes.contains { $0.contains("ulimit -v") } == true)
    }
    #expect(limited.largestStoreBytes(nodes: 2) < limited.largestStoreBytes(nodes: 1))
    let tiny = allowance { $0.addressSpaceBytes = 1 << 20 }
    #expect(tiny.largestStoreBytes(nodes: 1) == 0)
    #expect(refusal(tiny, 1 << 20)?.notes.last?.contains("raise the limit") == true)
  }

  @Test func theSmallestLimitThatIsAdvisedIsEnough() throws {
    let least = 32 << 20 + StoreAllowance.workBytes + 2 * (StoreAllowance.workBytes + threadStackBytes) + 3 * (1 << 20 + 8192)
    #expect(refusal(allowance { $0.addressSpaceBytes = least }, 1 << 20) == nil)
    #expect(refusal(allowance { $0.addressSpaceBytes = least - (1 << 16) }, 1 << 20) != nil)
  }

  @Test func sharedMemoryIsAFile() {
    let limited = allowance { $0.fileBytes = 10 << 20 }
    #expect(limited.largestStoreBytes(nodes: 4) == 10 << 20 - 4096)
    #expect(refusal(limited, 10 << 20)?.code == .fileTooLarge)
    #expect(refusal(allowance { $0.fileBytes = 0 }, 1 << 20)?.notes.first?.contains("ulimit -f") == true)
  }

  @Test func memoryToWorkWithIsNeeded() {
    #expect(refusal(allowance { $0.dataBytes = 1 << 20 }, 1 << 20)?.notes.first?.contains("ulimit -d") == true)
  }
}
