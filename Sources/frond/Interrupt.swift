import Foundation
import Synchronization

/// The signal that asked the run to stop; 0 while none has.
private let pendingSignal = Atomic<Int32>(0)

/// Turns Ctrl-C (SIGINT) and SIGTERM into a wish that the run loop reads between two steps.
///
/// A second signal of the same kind ends the program at once.
enum Interrupt {
  static func listen() {
    // The first access initialises the global, which a signal handler must not do.
    pendingSignal.store(0, ordering: .relaxed)
    // A parent that starts programs from a worker thread may have left them blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { received in
        pendingSignal.store(received, ordering: .relaxed)
        _ = signal(received, SIG_DFL)
      }
    }
  }

  static var received: Int32? {
    let number = pendingSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
