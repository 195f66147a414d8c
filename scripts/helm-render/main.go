// Renders the chart of deploy/helm as Helm does, as far as the chart makes use of it: the templates
// of text/template with the functions of sprig, and include, tpl, required and toYaml. Reads a JSON
// object {chart, release, values} from the standard input, values already merged, and writes the
// rendered files as JSON, name → text.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type request struct {
	Folder  string
	Chart   map[string]interface{}
	Release map[string]interface{}
	Values  map[string]interface{}
}

func main() {
	if err := render(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render() error {
	var given request
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return err
	}
	all := template.New("chart").Option("missingkey=zero")
	all.Funcs(functions(all))
	files, err := filepath.Glob(filepath.Join(given.Folder, "templates", "*"))
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := all.New(filepath.Base(file)).Parse(string(text)); err != nil {
			return err
		}
	}
	context := map[string]interface{}{
		"Chart": given.Chart, "Release": given.Release, "Values": given.Values,
	}
	rendered := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out bytes.Buffer
		if err := all.ExecuteTemplate(&out, name, context); err != nil {
			return err
		}
		// Helm writes nothing for what is not there.
		rendered[name] = strings.ReplaceAll(out.String(), "<no value>", "")
	}
	return json.NewEncoder(os.Stdout).Encode(rendered)
}

func functions(all *template.Template) template.FuncMap {
	added := sprig.TxtFuncMap()
	delete(added, "env")
	delete(added, "expandenv")
	added["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	added["tpl"] = func(text string, data interface{}) (string, error) {
		copied, err := all.Clone()
		if err != nil {
			return "", err
		}
		parsed, err := copied.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out bytes.Buffer
		err = parsed.Execute(&out, data)
		return out.String(), err
	}
	added["required"] = func(message string, value interface{}) (interface{}, error) {
		if text, isText := value.(string); value == nil || isText && text == "" {
			return nil, fmt.Errorf("%s", message)
		}
		return value, nil
	}
	added["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(plain(value))
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	return added
}

// plain writes whole numbers of JSON as such: all of them arrive as floating point.
func plain(value interface{}) interface{} {
	switch each := value.(type) {
	case map[string]interface{}:
		copied := map[string]interface{}{}
		for key, inner := range each {
			copied[key] = plain(inner)
		}
		return copied
	case []interface{}:
		copied := make([]interface{}, len(each))
		for i, inner := range each {
			copied[i] = plain(inner)
		}
		return copied
	case float64:
		if each == float64(int64(each)) {
			return int64(each)
		}
	}
	return value
}
