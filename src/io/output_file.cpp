// See tenure/io/output_file.hpp. Devices and pipes are written to as they are: renaming a file over them would replace
// them.

#include "tenure/io/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tenure/quantity/error.hpp"

namespace tenure {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what, int error) {
  throw FileError{{{"output", file.string(), what + ": " + std::strerror(error),
                    "check the folder, its permissions and the space left", {}}}};
}

/// An open file that is closed, and if it was never committed removed, whatever happens. Problems are those of `wanted`,
/// the output as it was asked for.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& beside, std::filesystem::path wanted) : wanted_{std::move(wanted)} {
    std::string name = beside.string() + ".XXXXXX";
    descriptor_ = ::mkstemp(name.data());
    if (descriptor_ < 0) refuse(wanted_, "no temporary file can be made beside it", errno);
    path_ = name;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!committed_) ::unlink(path_.c_str());
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  void commit(const std::filesystem::path& target, mode_t mode) {
    if (::fchmod(descriptor_, mode) != 0 || ::fsync(descriptor_) != 0) refuse(wanted_, "it cannot be written", errno);
    const int closed = ::close(std::exchange(descriptor_, -1));
    if (closed != 0) refuse(wanted_, "it cannot be written", errno);
    if (::rename(path_.c_str(), target.c_str()) != 0) refuse(wanted_, "it cannot be replaced", errno);
    committed_ = true;
  }

 private:
  std::filesystem::path wanted_;
  std::filesystem::path path_{};
  int descriptor_ = -1;
  bool committed_ = false;
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
