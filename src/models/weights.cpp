#include <agate/models/weights.hpp>

namespace AGATE_NAMESPACE::models {

io::SafeTensors to_safetensors(const nn::Module& module) {
  io::SafeTensors file;
  for (const auto& [name, parameter] : module.parameters())
    file.arrays.emplace_back(name, io::Array::from(parameter->value));
  return file;
}

void load_weights(const io::SafeTensors& file, const std::string& name, nn::Module& module,
                  const std::string& prefix) {
  std::vector<std::pair<std::string, Tensor>> values;
  for (const auto& [key, array] : file.arrays)
    if (key.starts_with(prefix))
      values.emplace_back(key.substr(prefix.size()), array.as_tensor(name + ": " + key));
  module.load_parameters(values, prefix.empty() ? name : name + ", under " + prefix);
}

void save_weights(const std::string& path, const nn::Module& module) {
  io::write_safetensors(path, to_safetensors(module));
}

void load_weights(const std::string& path, nn::Module& module, const std::string& prefix) {
  load_weights(io::read_safetensors(path), path, module, prefix);
}

}  // namespace AGATE_NAMESPACE::models
