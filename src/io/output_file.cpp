// See tenure/io/output_file.hpp. Devices and pipes are written to as they are: renaming a file over them would replace
// them.

#include "tenure/io/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tenure/quantity/error.hpp"

namespace tenure {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what, int error) {
  throw FileError{{{"output",
                    file.string(),
                    what + ": " + std::strerror(error),
                    "check the folder, its permissions and the space left",
                    {}}}};
}

/// Where the text goes until it is whole: ".NAME.tenure-USER" beside the target, one for each target, so that what a
/// killed run left behind is found again. NAME is cut where the whole would be too long for a file system.
[[nodiscard]] std::filesystem::path place_beside(const std::filesystem::path& target) {
  constexpr std::size_t longest = 200;
  const std::string name = target.filename().string().substr(0, longest);
  return target.parent_path() / ("." + name + ".tenure-" + std::to_string(::geteuid()));
}

/// Waits until no run has it. On a file system without locks nobody can tell, and nothing is waited for.
void lock(int descriptor) {
  while (::flock(descriptor, LOCK_EX) != 0 && errno == EINTR) {
  }
}

[[nodiscard]] bool is_still_at(int descriptor, const std::filesystem::path& path) {
  struct stat opened {
  }, found{};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &found) == 0 && opened.st_ino == found.st_ino &&
         opened.st_dev == found.st_dev;
}

/// Removes what a killed run left. Runs hold a lock on theirs for as long as they live, and a live run is waited for.
/// Returns whether the place may be free now.
[[nodiscard]] bool clear(const std::filesystem::path& path) {
  const int left = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (left < 0) return errno == ENOENT;
  struct stat status {};
  const bool is_ours = ::fstat(left, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
  if (is_ours) lock(left);
  const bool removed = is_ours && (!is_still_at(left, path) || ::unlink(path.c_str()) == 0);
  if (!is_ours) errno = EEXIST;
  const int why = errno;
  ::close(left);
  errno = why;
  return removed;
}

/// A new file that nobody else writes, locked for as long as it is open; -1 and errno if there can be none.
[[nodiscard]] int created(const std::filesystem::path& path) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0 && errno != EEXIST) return -1;
    if (descriptor < 0 && !clear(path)) return -1;
    if (descriptor < 0) continue;
    lock(descriptor);
    if (is_still_at(descriptor, path)) return descriptor;
    ::close(descriptor);  // another run took it for one that was left
  }
}

/// An open file that is closed, and if it was never committed removed, whatever happens. Problems are those of
/// `wanted`, the output as it was asked for.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& target, std::filesystem::path wanted)
      : wanted_{std::move(wanted)}, path_{place_beside(target)}, descriptor_{created(path_)} {
    if (descriptor_ < 0) refuse(wanted_, "no temporary file can be made beside it", errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    ::unlink(path_.c_str());  // while it is locked: afterwards the place may be another run's
    ::close(descriptor_);
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  void commit(const std::filesystem::path& target, mode_t mode) {
    if (::fchmod(descriptor_, mode) != 0 || !flushed()) refuse(wanted_, "it cannot be written", errno);
    if (::rename(path_.c_str(), target.c_str()) != 0) refuse(wanted_, "it cannot be replaced", errno);
    ::close(std::exchange(descriptor_, -1));
  }

 private:
  [[nodiscard]] bool flushed() const {
    while (::fsync(descriptor_) != 0) {
      if (errno != EINTR) return false;
    }
    return true;
  }

  std::filesystem::path wanted_;
  std::filesystem::path path_;
  int descriptor_;
};

void write_all(int descriptor, std::string_view text, const std::filesystem::path& file) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) refuse(file, "it cannot be written", written < 0 ? errno : ENOSPC);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_device(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) refuse(file, "it cannot be opened", errno);
  try {
    write_all(descriptor, text, file);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  if (::close(descriptor) != 0) refuse(file, "it cannot be written", errno);
}

/// Permissions of the file that is replaced, or what the process gives new files.
[[nodiscard]] mode_t mode_for(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) == 0) return status.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

void write_output(const std::filesystem::path& file, std::string_view text) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (std::filesystem::is_directory(status)) refuse(file, "it cannot be written", EISDIR);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return write_device(file, text);
  const std::filesystem::path target = std::filesystem::exists(status) ? std::filesystem::canonical(file) : file;
  TemporaryFile temporary{target, file};
  write_all(temporary.descriptor(), text, file);
  temporary.commit(target, mode_for(target));
}

void write_standard_output(std::string_view text) {
  std::fflush(stdout);
  write_all(STDOUT_FILENO, text, "standard output");
}

}  // namespace tenure
